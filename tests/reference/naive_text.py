"""An n-gram model in plain Python: dictionaries of tuples, one token after the other."""

import random
from collections import defaultdict

BEGIN, END = "<s>", "</s>"


def followers(sentences, order):
    """What followed each context: a list with one entry for each time."""
    found = defaultdict(list)
    for sentence in sentences:
        padded = [BEGIN] * (order - 1) + list(sentence) + [END]
        for place in range(order - 1, len(padded)):
            found[tuple(padded[place - order + 1 : place])].append(padded[place])
    return found


def write(found, order, size, rng, longest=None):
    """Sentences of `size` words together: the last is cut, and all of `longest` words."""
    sentences, left = [], size
    while left:
        sentence, most = [], left if longest is None else min(left, longest)
        while len(sentence) < most:
            context = ([BEGIN] * (order - 1) + sentence)[len(sentence) :]
            token = rng.choice(found[tuple(context)])
            if token == END and not sentence:
                continue  # order 1 knows no beginnings; a sentence has a word
            if token == END:
                break
            sentence.append(token)
        sentences.append(sentence)
        left -= len(sentence)
    return sentences


def recursion(sentences, order, size, generations, seed, longest=None):
    """The texts of generations 1 to the last."""
    rng, texts = random.Random(seed), []
    for _ in range(generations):
        sentences = write(followers(sentences, order), order, size, rng, longest)
        texts.append(sentences)
    return texts
