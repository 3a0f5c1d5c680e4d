"""What forms send along: pictures, sums of money."""

from django.http import HttpRequest

from cohong.kernel.money import Money

MOST_PICTURES = 4


def pictures_of(request: HttpRequest) -> tuple[bytes, ...]:
    """Read the pictures of a form; whether they are pictures is asked where they are kept."""
    files = [one for one in request.FILES.getlist("pictures") if one.size]
    return tuple(one.read() for one in files[: MOST_PICTURES + 1])


def sum_of(text: str, currency: str) -> Money:
    """Read an amount as people type it: 1,234.50. Raises BadInput, by the money's own refusals."""
    return Money.parse(text.replace(",", "").replace("，", "").strip(), currency)
