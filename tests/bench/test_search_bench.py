"""The search bench judges by how listings were made, and measures in a database of its own."""

import argparse
import json
from collections import Counter

import pytest

from cohong.bench import command
from cohong.bench.search import QUESTIONS, ndcg, reciprocal_rank


def test_the_set_is_large_and_of_every_class():
    kinds = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) >= 60
    assert len({question.words for question in QUESTIONS}) == len(QUESTIONS)
    assert set(kinds) == {
        *("chinese", "traditional", "english", "pinyin", "initials", "misspelt"),
        *("homophone", "model", "attribute", "seller", "two words"),
    }
    assert min(kinds.values()) >= 5


def test_figures_are_what_they_are_called():
    assert ndcg([3, 1, 0], [3, 1]) == 1.0
    assert ndcg([1, 3], [3, 1]) == pytest.approx((1 + 7 / 1.5849625) / (7 + 1 / 1.5849625), rel=1e-6)
    assert ndcg([], [3]) == 0.0
    assert reciprocal_rank([1, 0, 3], 3) == pytest.approx(1 / 3)
    assert reciprocal_rank([1, 0], 3) == 0.0


@pytest.mark.django_db(transaction=True)
def test_search_is_better_than_looking_for_words_in_titles(capsys: pytest.CaptureFixture[str]):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["search", "--json", "--listings", "700"])) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["search"]["questions"] >= 40
    assert figures["search"]["ndcg_10"] > 0.8 > figures["baseline"]["ndcg_10"]
    assert figures["search"]["zero_results"] < 0.05
    assert figures["ratio"]["ndcg_10"] > 1.5
    assert 0 < figures["freshness_s"] < 5
    assert {one["kind"] for one in figures["kinds"]} <= {question.kind for question in QUESTIONS}
    assert figures["search"]["questions"] + len(figures["unasked"]) == len(QUESTIONS)
