"""What a comparison says about the model that read the films."""

from dataclasses import replace

from howifeel import assets
from howifeel.compare.cards import cards, measured
from recordings import ORIGIN


def test_a_protocol_is_named_once_and_only_what_readers_need():
    scores = {
        "Test: accuracy": 0.681, "Test: ECE": 0.02, "Test: named": 0.81, "Wild: accuracy": 0.5,
        "accuracy of named": 0.75, "int8: accuracy": 0.7,
    }  # fmt: skip
    said = "Test: accuracy 68 %, named 81 %; Wild: accuracy 50 %; accuracy of named 75 %"
    assert measured(scores).replace("\u00a0", " ") == said


def test_the_card_of_the_model_that_ships_repeats_nothing():
    digest = assets.sha256(assets.model_file(assets.model_names()[0]))
    (card,) = cards([replace(ORIGIN, model_sha256=digest)]).values()
    assert card["Measured"].count("PublicTest") == 1
    assert "accuracy" in card["Measured"] and "accuracy of named" in card["Measured"]
