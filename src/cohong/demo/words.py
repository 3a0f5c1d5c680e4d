"""Text in the three languages of the platform, as the demo region's data carries it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of wording in Simplified Chinese, Traditional Chinese and English."""

    zh_hans: str
    zh_hant: str
    en: str

    @classmethod
    def of(cls, written: str) -> "Text":
        """Read ``"简体|繁體|English"``; a single part stands for all three languages (grades, symbols).

        Raises ``ValueError`` for any other number of parts, so that a slip in a data table is met at import.
        """
        parts = written.split("|")
        if len(parts) == 1:
            return cls(written, written, written)
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"three languages expected: {written!r}")
        return cls(*parts)

    def as_dict(self) -> dict[str, str]:
        """Give the wording keyed by language code, as JSON columns hold it."""
        return {"zh-hans": self.zh_hans, "zh-hant": self.zh_hant, "en": self.en}
