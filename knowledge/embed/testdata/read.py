"""Teaches the embedder to read what a message wants: makes reading.f32 of a lesson.

    go test ./cmd/rongjun -run TestTheModelIsTaught -lesson /tmp/lesson
    pip install torch==2.15.0 numpy && python3 knowledge/embed/testdata/read.py /tmp/lesson
    go run ./knowledge/embed/convert reading /tmp/lesson/reading.f32 knowledge/embed/reading.bin

As in teach.py the first nine layers stay the model's. What is added to the last three, and a layer behind
the mean of their states, are fitted to tell the kind of a message (softmax over the kinds; of labelled
questions only the group of kinds is known, and its share is raised as a whole) and whether what is asked
of the guide is left open (logistic). Two minutes of a graphics processor, which is taken where there is
one; hours of two cores. With a number behind the folder, 0 to 4, a fifth of the messages is kept aside
and measured on, and nothing is written.
"""

import json
import pathlib
import random
import struct
import sys
import zlib

import numpy as np
import torch
from torch.nn import functional as F

from model import arranged, before_the_last, by_length, gained, inner, learning, mean, through, width

READ, ROUNDS, BATCH, DROPPED = 3, 8, 128, 0.15
STRIDE, HEAD_STRIDE, LAST_STRIDE, WARM_UP = 2e-4, 1e-3, 0.05, 60
SPREAD = 8
GROUPS = {
    "handover": ("crisis", "care", "person", "own-file"), "directory": ("directory",),
    "question": ("question",),
}

folder, aside = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else -1
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(1)
random.seed(1)

questions = [json.loads(line) for line in open(folder / "questions.jsonl")]
kinds = sorted({q["kind"] for q in questions if q["kind"]})


def group_of(kind):
    return next((g for g, of in GROUPS.items() if kind in of), "decline")


of_group = {g: torch.tensor([group_of(k) == g for k in kinds], device=device) for g in [*GROUPS, "decline"]}
part = [zlib.crc32(repr(q["tokens"]).encode()) % 5 for q in questions]

# What the layers before give, and the mean of the plain vectors, once for all.
texts = [q["tokens"] for q in questions]
states, plain = before_the_last(texts, READ)
usual = plain.mean(0).to(device)

layers = learning(READ, device)
weights = [v for layer in layers for of in layer.values() for v in of]
behind = torch.nn.Linear(width, len(kinds) + 1).to(device)
for v in behind.parameters():
    torch.nn.init.zeros_(v)


def read(some, dropped):
    """A number for each kind, and the last one for what is left open."""
    at, there = (v.to(device) for v in arranged([len(states[i]) for i in some]))
    x = F.dropout(torch.cat([states[i] for i in some]).to(device), dropped)
    for layer in layers:
        x = through(layer, x, at, there, dropped)
    return behind(F.dropout((mean(x, there) - usual) * SPREAD, dropped))


def missed(some):
    numbers = read(some, DROPPED)
    some = [questions[i] for i in some]
    open_weight = torch.tensor([q["openWeight"] for q in some], device=device)
    is_open = torch.tensor([float(bool(q["open"])) for q in some], device=device)
    left = F.binary_cross_entropy_with_logits(numbers[:, -1], is_open, open_weight, reduction="sum")
    kind_weight = torch.tensor([q["kindWeight"] for q in some], device=device)
    possible = torch.stack([
        torch.tensor([k == q["kind"] for k in kinds], device=device) if q["kind"] else of_group[q["group"]]
        for q in some])
    share = numbers[:, :-1].log_softmax(1).masked_fill(~possible, -1e4).logsumexp(1)
    return left / open_weight.sum().clamp(min=1e-6) - (share * kind_weight).sum() / kind_weight.sum()


def times(q):
    return 2 if q["openWeight"] >= 0.5 or q["kindWeight"] == 1 else 1


lines = [i for i, q in enumerate(questions) if q["openWeight"] + q["kindWeight"] > 0 and part[i] != aside
         for _ in range(times(q))]
step, steps = 0, ROUNDS * (len(lines) // BATCH)
optimiser = torch.optim.AdamW([{"params": weights}, {"params": behind.parameters()}], weight_decay=0.01)
for n in range(ROUNDS):
    random.shuffle(lines)
    for begin in range(0, len(lines) - BATCH + 1, BATCH):
        pace = min(1, (step + 1) / WARM_UP) * (LAST_STRIDE + (1 - LAST_STRIDE) * (1 - step / steps))
        for of, stride in zip(optimiser.param_groups, (STRIDE, HEAD_STRIDE)):
            of["lr"] = stride * pace
        loss = missed(lines[begin:begin + BATCH])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights + list(behind.parameters()), 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step} of {steps}: {loss.item():.3f}", flush=True)

if aside >= 0:
    batches = by_length(texts, [i for i in range(len(texts)) if part[i] == aside])
    kept = [i for some in batches for i in some]
    with torch.no_grad():
        numbers = torch.cat([read(some, 0).cpu() for some in batches])
    told = [group_of(kinds[k]) for k in numbers[:, :-1].argmax(1).tolist()]
    right_kind = [g == questions[i]["group"] for g, i in zip(told, kept) if questions[i]["kindWeight"] == 1]
    right_open = [bool(o > 0) == questions[i]["open"] for o, i in zip(numbers[:, -1].tolist(), kept)
                  if questions[i]["openWeight"] >= 0.5]
    print(f"kept aside: group {np.mean(right_kind):.3f} of {len(right_kind)},"
          f" left open {np.mean(right_open):.3f} of {len(right_open)}")
    sys.exit()

names = "\n".join([*kinds, "open"]).encode()
rows = SPREAD * behind.weight.detach()
with open(folder / "reading.f32", "wb") as out:
    out.write(struct.pack("<4i", READ, width, inner, len(names)) + names)
    out.write(gained(layers))
    out.write(rows.cpu().numpy().astype("<f4").tobytes())
    out.write((behind.bias.detach() - rows @ usual).cpu().numpy().astype("<f4").tobytes())
