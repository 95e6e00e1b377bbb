"""Teaches the embedder how people ask: makes taught.f32 of a lesson.

    go test ./cmd/rongjun -run TestTheModelIsTaught -lesson /tmp/lesson
    pip install torch==2.15.0 numpy && python3 knowledge/embed/testdata/teach.py /tmp/lesson
    go run ./knowledge/embed/convert taught /tmp/lesson/taught.f32 knowledge/embed/taught.bin

The first nine layers stay the model's. What is added to the weights of the last three (taught.f32 has
that, for it is little beside them and can be rounded to 4 bits by itself), and a matrix behind the mean
of the states, are fitted so that a question's vector is nearest to the vectors that the model itself makes of what answers
it (softmax over all passages of the guide, temperature .012, AdamW). Beside that they learn to tell what
is no question on the guide's subjects and what the guide leaves open; that makes them read more of a
question, but what reads it off them is thrown away. The state of the layers before is
made once. Takes about twenty minutes of two cores; the same lesson gives the same file on one machine.
"""

import json
import pathlib
import random
import struct
import sys

import numpy as np
import torch
from torch.nn import functional as F

from model import arranged, before_the_last, by_length, gained, inner, learning, mean, through, width

TAUGHT, ROUNDS, BATCH = 3, 3, 64
WARMTH, DROPPED = 0.012, 0.1
STRIDE, TURN_STRIDE, LAST_STRIDE, WARM_UP = 1e-4, 3e-4, 0.05, 30
TURN_ROUNDS, TURN_BATCH, TURN_FIRST_STRIDE, HOLDING = 14, 256, 1e-3, 3e-4
OPEN_WEIGHT, GROUP_WEIGHT, HEAD_STRIDE, SPREAD = 0.4, 0.3, 3e-3, 8
LOOKED = 100  # the nearest passages that are compared in calibrating

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(1)
random.seed(1)


questions = [json.loads(line) for line in open(folder / "questions.jsonl")]
passages = torch.from_numpy(np.fromfile(folder / "passages.f32", "<f4").reshape(-1, width).copy())
entry = torch.tensor(json.load(open(folder / "passages.json")))

# What the layers before give, and the plain vectors, once for all.
texts = [q["tokens"] for q in questions]
states, plain = before_the_last(texts, TAUGHT)

taught = learning(TAUGHT)
turn = torch.nn.Parameter(torch.eye(width))
weights = [v for layer in taught for part in layer.values() for v in part]
groups = sorted({q["group"] for q in questions if q["group"]})
usual = plain.mean(0)
is_open = torch.nn.Linear(width, 1)
group = torch.nn.Linear(width, len(groups))
readers = [*is_open.parameters(), *group.parameters()]
for v in readers:
    torch.nn.init.zeros_(v)


def heard(some, dropped):
    x = torch.cat([states[i] for i in some])
    at, there = arranged([len(states[i]) for i in some])
    x = F.dropout(x, dropped)
    for layer in taught:
        x = through(layer, x, at, there)
    return mean(x, there)


def turned(v):
    return F.normalize(v @ turn.T, dim=1)


def beside(some, v):
    """How badly it is told from the vectors what is left open, and what is no question on our subjects."""
    v = F.dropout((v - usual) * SPREAD, DROPPED)
    some = [questions[i] for i in some]
    told = [row for row, q in enumerate(some) if q["open"] is not None]
    weight = torch.tensor([0.2 if some[row]["own"] >= 0 else 1.0 for row in told])
    left = F.binary_cross_entropy_with_logits(
        is_open(v[told]).view(-1), torch.tensor([float(some[row]["open"]) for row in told]), weight,
        reduction="sum") / weight.sum()
    told = [row for row, q in enumerate(some) if q["group"]]
    kind = F.cross_entropy(group(v[told]), torch.tensor([groups.index(some[row]["group"]) for row in told]))
    return OPEN_WEIGHT * left + GROUP_WEIGHT * kind


def missed(some, vectors):
    """How unlikely the right passages are by the questions' vectors, their own passages left aside."""
    answered = [row for row, i in enumerate(some) if questions[i]["entries"]]
    some = [some[row] for row in answered]
    nearness = turned(vectors[answered]) @ passages.T / WARMTH
    right = torch.zeros(nearness.shape, dtype=torch.bool)
    for row, i in enumerate(some):
        for e in questions[i]["entries"]:
            right[row] |= entry == e
        if questions[i]["own"] >= 0:
            nearness[row, questions[i]["own"]] = -1e4
    return (nearness.logsumexp(1) - nearness.masked_fill(~right, -1e4).logsumexp(1)).mean()


lines = [i for i, q in enumerate(questions) for _ in range(q["times"])]

# The matrix alone first, over plain vectors, held near to changing nothing.
optimiser = torch.optim.Adam([turn])
step, steps = 0, TURN_ROUNDS * (len(lines) // TURN_BATCH)
for n in range(TURN_ROUNDS):
    random.shuffle(lines)
    for begin in range(0, len(lines) - TURN_BATCH + 1, TURN_BATCH):
        some = lines[begin:begin + TURN_BATCH]
        optimiser.param_groups[0]["lr"] = TURN_FIRST_STRIDE * (LAST_STRIDE + (1 - LAST_STRIDE) * (1 - step / steps))
        loss = missed(some, plain[some])
        optimiser.zero_grad()
        (loss + HOLDING / 2 * (turn - torch.eye(width)).square().sum()).backward()
        optimiser.step()
        step += 1
print(f"the matrix alone: {loss.item():.3f}", flush=True)

# Then all together.
step, steps = 0, ROUNDS * (len(lines) // BATCH)
optimiser = torch.optim.AdamW([{"params": weights}, {"params": [turn]}, {"params": readers}], weight_decay=0.01)
for n in range(ROUNDS):
    random.shuffle(lines)
    for begin in range(0, len(lines) - BATCH + 1, BATCH):
        pace = min(1, (step + 1) / WARM_UP) * (LAST_STRIDE + (1 - LAST_STRIDE) * (1 - step / steps))
        for part, stride in zip(optimiser.param_groups, (STRIDE, TURN_STRIDE, HEAD_STRIDE)):
            part["lr"] = stride * pace
        some = lines[begin:begin + BATCH]
        vectors = heard(some, DROPPED)
        loss = missed(some, vectors)
        optimiser.zero_grad()
        (loss + beside(some, vectors)).backward()
        torch.nn.utils.clip_grad_norm_(weights + [turn] + readers, 1.0)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} of {steps}: {loss.item():.3f}", flush=True)

# How cosines of asked vectors go with plain ones: by the mean and the spread of those of the nearest
# passages, over all questions.
answered = [i for i, q in enumerate(questions) if q["entries"]]
vectors = torch.zeros(len(questions), width)
with torch.no_grad():
    for some in by_length(texts):
        vectors[some] = turned(heard(some, 0))


def nearest(v):
    cosines = v[answered] @ passages.T
    for row, i in enumerate(answered):
        if questions[i]["own"] >= 0:
            cosines[row, questions[i]["own"]] = -2
    top = cosines.topk(LOOKED, dim=1).values
    return top.mean().item(), top.std(dim=1, correction=0).mean().item()


(plain_mean, plain_spread), (asked_mean, asked_spread) = nearest(plain), nearest(vectors)
scale = plain_spread / asked_spread
shift = plain_mean - scale * asked_mean
print(f"scale {scale:.4f}, shift {shift:.4f}")
with open(folder / "taught.f32", "wb") as out:
    out.write(struct.pack("<3i2f", TAUGHT, width, inner, scale, shift))
    out.write(gained(taught))
    out.write(turn.detach().numpy().astype("<f4").tobytes())
