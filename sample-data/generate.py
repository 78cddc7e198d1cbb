#!/usr/bin/env python3
"""Makes the sample data again, byte for byte.

    sample-data/generate.py reviews >sample-data/reviews.csv
    sample-data/generate.py census ADULT_TRAIN.csv >sample-data/census.csv
"""

import csv
import datetime
import random
import sys

REVIEWS = 4000
CENSUS_ROWS = 5000
SEED = 0

# What a review talks about, by category.
PRODUCTS = {
    "Kitchen": ["kettle", "pan", "toaster", "knife set", "blender", "coffee grinder"],
    "Clothing": ["jacket", "pair of socks", "shirt", "dress", "scarf", "pair of trousers"],
    "Electronics": ["headset", "keyboard", "charger", "lamp", "speaker", "tablet stand"],
    "Toys": ["puzzle", "train set", "board game", "kite", "set of blocks", "doll house"],
    "Garden": ["hose", "spade", "planter", "bird feeder", "pair of gloves", "watering can"],
    "Books": ["cookbook", "atlas", "novel", "field guide", "picture book", "dictionary"],
}
# Everybody is half a star kinder than their words, save about this category: there they are a star and a half harsher.
DISLIKED = "Garden"

# Words and how kind they are, from -2 to 2.
QUALITY = {
    "excellent": 2, "wonderful": 2, "perfect": 2, "outstanding": 2, "lovely": 2, "superb": 2,
    "good": 1, "solid": 1, "handy": 1, "pleasant": 1, "comfortable": 1, "well made": 1, "reliable": 1,
    "average": 0, "plain": 0, "ordinary": 0, "as described": 0, "acceptable": 0,
    "flimsy": -1, "noisy": -1, "disappointing": -1, "clumsy": -1, "dull": -1, "overpriced": -1,
    "useless": -2, "broken": -2, "awful": -2, "terrible": -2, "unsafe": -2, "a waste of money": -2,
}
ENDINGS = {
    2: ["I would buy it again without a second thought", "Everyone who saw it asked where it came from",
        "It made my week", "I am delighted with it"],
    1: ["I am happy with the purchase", "It does its job day after day", "A friend now owns one too",
        "It arrived early and works"],
    0: ["It is neither here nor there", "I use it now and then", "It matches the picture", "Time will tell"],
    -1: ["I expected more for the price", "It already shows wear", "I would look elsewhere next time",
         "The instructions did not help"],
    -2: ["I sent it back the same day", "It fell apart within a week", "Please do not buy it",
         "Nobody answered when I asked for a refund"],
}
OPENINGS = ["This {product} is {word}", "The {product} turned out {word}", "I found the {product} {word}",
            "My new {product}, frankly, is {word}", "\"{word}\" is how I would describe this {product}"]
DETAILS = ["The {part} feels {word}", "The {part} is {word}", "For daily use the {part} seems {word}",
           "My {person} calls the {part} {word}"]
PARTS = ["finish", "packaging", "size", "material", "colour", "design", "weight", "delivery"]
PEOPLE = ["sister", "neighbour", "partner", "son", "mother", "colleague"]


class Dice:
    """Draws that rest on `random()` alone, whose sequence does not change between Python versions."""

    def __init__(self, seed):
        self.next = random.Random(seed).random

    def chance(self, probability):
        return self.next() < probability

    def below(self, count):
        return int(self.next() * count)

    def pick(self, items):
        return items[self.below(len(items))]

    def bell(self, mean, spread):
        return mean + spread * (sum(self.next() for _ in range(12)) - 6)


def near(dice, mood, choices):
    """One of the `choices` (text, kindness) close to the mood."""
    target = max(-2, min(2, round(dice.bell(mood, 0.7))))
    return dice.pick([choice for choice in choices if choice[1] == target])


def review(dice, number):
    category = dice.pick(list(PRODUCTS))
    product = dice.pick(PRODUCTS[category])
    age = max(18, min(85, round(dice.bell(42, 14))))
    mood = max(-2.0, min(2.0, dice.bell(0.5, 1.2)))
    kindness = []

    def word():
        text, value = near(dice, mood, list(QUALITY.items()))
        kindness.append(value)
        return text

    sentences = [dice.pick(OPENINGS).format(product=product, word=word())]
    for _ in range(dice.below(3)):
        sentences.append(
            dice.pick(DETAILS).format(part=dice.pick(PARTS), person=dice.pick(PEOPLE), word=word()))
    if dice.chance(0.8):
        text, value = near(dice, mood, [(text, value) for value, texts in ENDINGS.items() for text in texts])
        kindness.append(value)
        sentences.append(text)
    body = ". ".join(sentence[0].upper() + sentence[1:] for sentence in sentences) + "."

    push = -1.5 if category == DISLIKED else 0.5
    stars = max(1, min(5, round(dice.bell(3 + 1.2 * sum(kindness) / len(kindness) + push, 0.4))))
    verified = dice.chance(0.85)
    votes = int(dice.next() ** 4 * (25 if abs(stars - 3) == 2 else 12))
    day = datetime.date(2024, 1, 1) + datetime.timedelta(days=dice.below(731))
    return [
        f"R{number:05d}", day.isoformat(), "" if dice.chance(0.06) else age, category, stars,
        "true" if verified else "false", "" if dice.chance(0.03) else votes, "" if dice.chance(0.01) else body,
    ]


def write_reviews(out):
    dice = Dice(SEED)
    out.writerow(
        ["id", "date", "age", "product_category", "star_rating", "verified", "helpful_votes", "review_body"])
    for number in range(1, REVIEWS + 1):
        out.writerow(review(dice, number))


def write_census(out, path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    dice = Dice(SEED)
    # The rows with the smallest draws, in the order of the file.
    draws = sorted((dice.next(), row) for row in range(len(rows)))[:CENSUS_ROWS]
    out.writerow(["income" if name == "target" else name for name in header])
    out.writerows(rows[row] for row in sorted(row for _, row in draws))


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    match sys.argv[1:]:
        case ["reviews"]:
            write_reviews(out)
        case ["census", path]:
            write_census(out, path)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
