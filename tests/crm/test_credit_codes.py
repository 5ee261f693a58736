"""Unified social credit codes: GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules import (
    ALPHABET,
    clean_uscc,
    complete_uscc,
    inner_code_fits,
    masked_phone,
    masked_uscc,
    uscc_problem,
)
from crm.services.enterprises import uscc_sentence

bodies = st.text(ALPHABET, min_size=8, max_size=8)
areas = st.from_regex(r"\A[0-9]{6}\Z")


@st.composite
def codes(draw):
    return complete_uscc("91" + draw(areas), draw(bodies))


@given(codes())
def test_a_completed_code_is_valid_inside_and_out(code):
    assert uscc_problem(code) is None
    assert inner_code_fits(code)


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_mistyped_character_is_found(code, place, character):
    wrong = code[:place] + character + code[place + 1 :]
    assert (uscc_problem(wrong) is None) == (wrong == code)


@given(codes(), st.integers(0, 16))
def test_two_neighbours_swapped_are_found(code, place):
    a, b = code[place], code[place + 1]
    swapped = code[:place] + b + a + code[place + 2 :]
    assert (uscc_problem(swapped) is None) == (a == b)


@given(codes(), st.integers(0, 17), st.sampled_from("IOSVZ"))
def test_letters_that_are_never_used_are_named(code, place, letter):
    assert uscc_problem(code[:place] + letter + code[place + 1 :]) == "character"


@given(codes())
def test_full_width_lower_case_and_spaces_are_folded(code):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert clean_uscc(f" {full_width[:9]}　{full_width[9:]} ") == code


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91429006MA4TE5T05", "length"),
        ("", "length"),
        ("9142900AMA4TE5T05F", "area"),
        ("91429006MA4TE5T05G", "check"),
        ("91429006MA4TE5T05F", None),
    ],
)
def test_a_wrong_code_gets_a_sentence_that_quotes_it(code, problem):
    assert uscc_problem(code) == problem
    sentence = uscc_sentence(code)
    assert (sentence is None) == (problem is None)
    assert sentence is None or code in sentence


def test_masks_hide_the_middle():
    assert masked_phone("13900008217") == "**** 8217"
    assert masked_phone("110") == "****"
    assert masked_phone("") == ""
    assert masked_uscc("91429006MA4TE5T05F") == "91429006MA4T****5F"
