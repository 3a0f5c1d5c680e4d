"""The demo region: Guangdong as a small world of invented companies, people and goods.

``regions``, ``industries``, ``markets``, ``companies``, ``people`` and ``listings`` are pure data, the same
for the same seed; ``pictures`` draws a listing's picture. None of them touches the database.
"""

DEFAULT_SEED = 1757
"""The year from which all of China's sea trade with the West went through the Cohong at Canton."""
