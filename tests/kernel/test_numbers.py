"""Short numbers: one to one, forgiving of how they are typed, unforgiving of what is typed wrong."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from stdnum.iso7064 import mod_37_36

from cohong.kernel import numbers
from cohong.kernel.numbers import ALPHABET, CAPACITY, NotANumber, decode, encode, is_valid, normalise

serials = st.integers(0, CAPACITY - 1)


class TestOneToOne:
    @given(serials)
    def test_a_number_leads_back_to_its_serial(self, serial: int):
        number = encode(serial)
        assert decode(number) == serial
        assert is_valid(number)
        assert normalise(number) == number

    @given(st.text(ALPHABET, min_size=9, max_size=9))
    def test_what_is_valid_is_what_a_serial_makes(self, text: str):
        if is_valid(text):
            assert encode(decode(text)) == normalise(text)

    @given(st.text(ALPHABET, min_size=8, max_size=8))
    def test_a_checked_number_is_valid_unless_it_is_one_of_those_left_out(self, own: str):
        number = own + mod_37_36.calc_check_digit(own)
        if is_valid(number):
            assert encode(decode(number)).replace("-", "") == number

    def test_the_ends_of_the_range(self):
        for serial in (0, 1, CAPACITY - 1):
            assert decode(encode(serial)) == serial
        for serial in (-1, CAPACITY):
            with pytest.raises(ValueError, match="serials run"):
                encode(serial)

    def test_numbers_in_use_never_change_their_form(self):
        assert [encode(serial) for serial in (0, 1, 2, 1_000_000, CAPACITY - 1)] == KNOWN

    def test_a_hundred_thousand_in_a_row_are_all_different_and_do_not_look_it(self):
        made = [encode(serial) for serial in range(100_000)]
        assert len(set(made)) == 100_000
        # Two characters are alike by chance once in 1024 pairs.
        same_beginning = sum(one[:2] == other[:2] for one, other in pairwise(made))
        assert same_beginning < 200


class TestForm:
    @given(serials)
    def test_nine_crockford_characters_with_an_iso_7064_check(self, serial: int):
        number = encode(serial)
        assert [len(group) for group in number.split("-")] == [4, 4, 1]
        assert set(number) <= {*ALPHABET, "-"}
        assert mod_37_36.is_valid(number.replace("-", ""))

    def test_every_prefix_leaves_enough_endings(self):
        assert len(numbers._ENDINGS) == 36
        assert {len(endings) for endings in numbers._ENDINGS.values()} == {28}


class TestTyping:
    @given(serials, st.data())
    def test_however_it_is_typed_it_is_read_as_one_number(self, serial: int, data: st.DataObject):
        number = encode(serial)
        typed = []
        for character in number:
            if character == "-":
                typed.append(data.draw(st.sampled_from(["", "-", " ", " – ", "－", "　", "."])))
            else:
                likes = {"0": "0Oo０", "1": "1IiLl１"}.get(character, character + character.lower())
                typed.append(data.draw(st.sampled_from(likes)))
        assert normalise("".join(typed)) == number

    @given(serials, st.integers(0, 8), st.sampled_from(ALPHABET))
    def test_one_wrong_character_is_found(self, serial: int, position: int, wrong: str):
        compact = encode(serial).replace("-", "")
        if compact[position] != wrong:
            assert not is_valid(compact[:position] + wrong + compact[position + 1 :])

    def test_nearly_every_swap_of_neighbours_is_found(self):
        swaps = missed = 0
        for serial in range(0, 2_000_000, 1000):
            compact = encode(serial).replace("-", "")
            for position in range(8):
                swapped = list(compact)
                swapped[position : position + 2] = swapped[position + 1], swapped[position]
                if compact[position] != compact[position + 1]:
                    swaps += 1
                    missed += is_valid("".join(swapped))
        assert swaps > 15_000
        assert missed / swaps < 0.005

    @pytest.mark.parametrize(
        "text",
        ["", "-", "7K3M", "7K3M-92QX-PP", "UUUU-UUUU-U", "7K3M-92Q*-P", "订单号", "0" * 10_000, "\x00" * 9],
    )
    def test_what_is_no_number_is_refused(self, text: str):
        assert not is_valid(text)
        with pytest.raises(NotANumber) as refused:
            normalise(text)
        assert refused.value.params == {"number": text[:40]}


KNOWN = ["JDK8-XGJH-5", "VGDB-2NT5-D", "5A7Y-15VS-H", "HX90-STCA-C", "8M0C-7VGY-1"]


@pytest.mark.django_db
class TestDrawing:
    def test_numbers_are_drawn_in_one_statement(self, django_assert_num_queries: DjangoAssertNumQueries):
        with django_assert_num_queries(1):
            drawn = numbers.draw(500)
        assert len(set(drawn)) == 500
        assert all(is_valid(number) for number in drawn)
        assert set(drawn).isdisjoint(numbers.draw(500))

    def test_none_are_drawn_for_nothing(self, django_assert_num_queries: DjangoAssertNumQueries):
        with django_assert_num_queries(0):
            assert numbers.draw(0) == []
