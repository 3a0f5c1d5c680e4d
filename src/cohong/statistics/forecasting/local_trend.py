"""A local and global trend, smoothed exponentially, with all that is unsure about it (Smyl, Bergmeir, Wibowo, Ng 2019).

    value(t+1) = level + global * level^power + damping * slope + error,  error ~ Student t, wider as the level grows

Growth between linear and exponential, a damped local slope and fat tails suit short economic series. The parameters
are not fitted but drawn from what the series leaves possible (posterior), by a tempered sequential Monte Carlo sampler: a cloud
of some hundred parameter sets is moved from the prior to the posterior, all at once in arrays. The possible futures that
follow from the draws carry the doubt about the parameters, which is most of the doubt where a series is short.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

_DRAWS: Final = 400
_PARAMETERS: Final = 9
_LEVEL, _SLOPE, _DAMPING, _POWER, _GLOBAL, _NOISE, _GROWS, _TAILS, _START = range(_PARAMETERS)
_TAIL_FREEDOM: Final = 3.0
_MOVES: Final = 2
_LAST_MOVES: Final = 4
_KEPT: Final = 0.5
_BISECTIONS: Final = 30
_STAGES: Final = 60
_TINY: Final = 1e-4


@dataclass(frozen=True, slots=True)
class _Cloud:
    """Parameter sets (parameters, draws), their log prior and likelihood, and the level and slope they end with."""

    draws: Floats
    prior: Floats
    fit: Floats
    level: Floats
    slope: Floats

    def picked(self, which: NDArray[np.intp]) -> "_Cloud":
        return _Cloud(
            self.draws[:, which], self.prior[which], self.fit[which], self.level[which], self.slope[which]
        )

    def replaced(self, other: "_Cloud", where: NDArray[np.bool_]) -> "_Cloud":
        return _Cloud(
            np.where(where, other.draws, self.draws),
            np.where(where, other.prior, self.prior),
            np.where(where, other.fit, self.fit),
            np.where(where, other.level, self.level),
            np.where(where, other.slope, self.slope),
        )


def futures(values: Floats, horizon: int, *, copies: int = 10, seed: int = 1) -> Floats:
    """Return possible futures (horizon, paths) of a series of three values or more."""
    chance = np.random.default_rng(seed)
    # The model's level must be positive. What is not is lifted, by an amount that its own movement sets.
    lift = 0.0
    if values.min() <= 0:
        lift = float(np.ptp(values)) - float(values.min())
    lifted = values + lift
    scale = float(np.mean(lifted)) or 1.0
    model = _Model(lifted / scale, chance)
    paths = model.paths(model.posterior(), horizon, copies)
    return paths * scale - lift


class _Model:
    def __init__(self, values: Floats, chance: np.random.Generator) -> None:
        self.values = values
        self.chance = chance
        steps = np.diff(values)
        usual = max(float(np.mean(np.abs(steps))), _TINY)
        middle = float(np.median(steps))
        spread = max(
            1.48 * float(np.median(np.abs(steps - middle))), 0.5 * float(np.std(steps)), 0.05 * usual, _TINY
        )
        self.floor = max(float(values.min()) * 0.05, 1e-6)
        # Centres and widths of the priors, in units of the series' own movement.
        start = 0.5 * float(np.median(steps[:3]))
        self.centre = np.array([0.5, -0.5, 0.5, 0.0, 0.0, np.log(spread), 0.0, 2.0, start])
        self.width = np.array([1.5, 1.5, 0.8, 1.6, 0.5 * usual, 1.0, 1.5, 1.0, usual])

    def posterior(self) -> _Cloud:
        """Move draws from the prior to the posterior, in steps that keep half of them worth keeping."""
        draws = self.centre[:, None] + self.width[:, None] * self.chance.standard_normal(
            (_PARAMETERS, _DRAWS)
        )
        draws[_GLOBAL] = self.width[_GLOBAL] * self.chance.standard_t(_TAIL_FREEDOM, _DRAWS)
        cloud = self._weighed(draws)
        heat = 0.0
        for _ in range(_STAGES):
            step = _step(cloud.fit, 1 - heat)
            heat += step
            cloud = cloud.picked(self._resampled(np.exp(step * (cloud.fit - cloud.fit.max()))))
            cloud = self._moved(cloud, heat, _LAST_MOVES if heat >= 1 else _MOVES)
            if heat >= 1:
                break
        return cloud

    def paths(self, cloud: _Cloud, horizon: int, copies: int) -> Floats:
        draws = np.repeat(cloud.draws, copies, axis=1)
        level, slope = np.repeat(cloud.level, copies), np.repeat(cloud.slope, copies)
        smooth, turn, damping, power, rise, noise, grows, tails, _ = _natural(draws)
        paths = np.empty((horizon, len(level)))
        for ahead in range(horizon):
            log_level = np.log(level)
            expected = level + rise * np.exp(power * log_level) + damping * slope
            error = self.chance.standard_normal(len(level)) / np.sqrt(self.chance.chisquare(tails) / tails)
            value = np.maximum(expected + np.exp(noise + grows * log_level) * error, self.floor)
            risen = np.maximum(smooth * value + (1 - smooth) * level, self.floor)
            slope = turn * (risen - level) + (1 - turn) * slope
            level = risen
            paths[ahead] = value
        return paths

    def _weighed(self, draws: Floats) -> _Cloud:
        smooth, turn, damping, power, rise, noise, grows, tails, slope = _natural(draws)
        level = np.full(draws.shape[1], max(self.values[0], self.floor))
        half = (tails + 1) / 2
        misfit = np.zeros(draws.shape[1])
        for value in self.values[1:]:
            log_level = np.log(level)
            expected = level + rise * np.exp(power * log_level) + damping * slope
            log_noise = noise + grows * log_level
            error = (value - expected) * np.exp(-log_noise)
            misfit += half * np.log1p(error * error / tails) + log_noise
            risen = smooth * value + (1 - smooth) * level
            slope = turn * (risen - level) + (1 - turn) * slope
            level = np.maximum(risen, self.floor)
        constant = gammaln(half) - gammaln(tails / 2) - 0.5 * np.log(tails * np.pi)
        fit = (len(self.values) - 1) * constant - misfit
        return _Cloud(draws, self._prior(draws), fit, level, slope)

    def _prior(self, draws: Floats) -> Floats:
        off = (draws - self.centre[:, None]) / self.width[:, None]
        normal = -0.5 * np.sum(np.delete(off, _GLOBAL, axis=0) ** 2, axis=0)
        tailed = -(_TAIL_FREEDOM + 1) / 2 * np.log1p(off[_GLOBAL] ** 2 / _TAIL_FREEDOM)
        return np.asarray(normal + tailed, dtype=np.float64)

    def _resampled(self, weights: Floats) -> NDArray[np.intp]:
        rungs = (self.chance.random() + np.arange(_DRAWS)) / _DRAWS
        return np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), rungs), _DRAWS - 1)

    def _moved(self, cloud: _Cloud, heat: float, moves: int) -> _Cloud:
        root = np.linalg.cholesky(np.cov(cloud.draws) + 1e-10 * np.diag(self.width**2))
        for move in range(moves):
            length = 2.38 / np.sqrt(_PARAMETERS) * (0.5 if move % 2 else 1.0)
            lengths = length * self.chance.choice([0.3, 1.0], _DRAWS)
            tried = self._weighed(
                cloud.draws + lengths * (root @ self.chance.standard_normal(cloud.draws.shape))
            )
            gain = tried.prior - cloud.prior + heat * (tried.fit - cloud.fit)
            cloud = cloud.replaced(tried, np.log(self.chance.random(_DRAWS)) < gain)
        return cloud


def _natural(draws: Floats) -> tuple[Floats, ...]:
    return (
        _between(draws[_LEVEL]),
        _between(draws[_SLOPE]),
        np.tanh(draws[_DAMPING]),
        -0.5 + 1.5 * _between(draws[_POWER]),
        draws[_GLOBAL],
        draws[_NOISE],
        _between(draws[_GROWS]),
        2 + np.exp(draws[_TAILS]),
        draws[_START],
    )


def _between(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


def _step(fit: Floats, most: float) -> float:
    def kept(step: float) -> float:
        weights = np.exp(step * (fit - fit.max()))
        return float(weights.sum() ** 2 / (weights @ weights)) / len(fit)

    if kept(most) >= _KEPT:
        return most
    low, high = 0.0, most
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if kept(middle) < _KEPT else (middle, high)
    return max(low, _TINY)
