"""The embedder of model.bin in torch, for what is learned on top of it (teach.py, read.py)."""

import pathlib
import struct

import numpy as np
import torch
from torch.nn import functional as F

here = pathlib.Path(__file__).parent


class Sections:
    """Reads model.bin, whose parts begin at multiples of 64 bytes (format.go)."""

    def __init__(self, data):
        self.data, self.at = data, 64

    def take(self, kind, n):
        v = np.frombuffer(self.data, kind, n, self.at)
        self.at = (self.at + v.nbytes + 63) // 64 * 64
        return v

    def floats(self, n):
        return torch.from_numpy(self.take("<f4", n).copy())

    def product(self, out, width):
        """Stripes of eight rows, of blocks of 32 columns (product.go)."""
        bias = self.floats(out)
        scales = self.take("<f2", out * width // 32).astype(np.float32).reshape(out // 8, width // 32, 8)
        packed = self.take("u1", out * width // 2).reshape(out // 8, width // 32, 4, 8, 4)
        low, high = (packed & 15).astype(np.float32) - 8, (packed >> 4).astype(np.float32) - 8
        w = np.stack([low, high], 2).transpose(0, 4, 1, 2, 3, 5)  # stripe, row, block, half, j, i
        w = w.reshape(out // 8, 8, width // 32, 32) * scales.transpose(0, 2, 1)[..., None]
        return torch.from_numpy(w.reshape(out, width).copy()), bias

    def norm(self, width):
        return self.floats(width), self.floats(width)


data = (here.parent / "model.bin").read_bytes()
width, layers, heads, inner, positions, pieces = struct.unpack_from("<6I", data, 20)
epsilon = struct.unpack_from("<f", data, 48)[0]
model = Sections(data)
lengths = model.take("u1", pieces)
model.take("u1", int(lengths.astype(np.int64).sum()))
model.take("<f4", pieces)
rows = model.take("u1", (pieces + 3) * width // 32 * 18).reshape(-1, width // 32, 18)
scale = np.ascontiguousarray(rows[..., :2]).view("<f2").astype(np.float32)
nibbles = np.concatenate([rows[..., 2:] & 15, rows[..., 2:] >> 4], -1).astype(np.float32) - 8
words = torch.from_numpy((nibbles * scale).reshape(-1, width))
places = model.floats(positions * width).reshape(positions, width)
first = model.norm(width)
PARTS = ["attend", "join", "attended", "widen", "narrow", "output"]


def read_layer():
    return dict(zip(PARTS, [
        model.product(3 * width, width), model.product(width, width), model.norm(width),
        model.product(inner, width), model.product(width, inner), model.norm(width)]))


own = [read_layer() for _ in range(layers)]


def norm(x, n):
    return F.layer_norm(x, (width,), n[0], n[1], epsilon)


def through(layer, x, at, there, dropped=0.0):
    """Takes states through a layer. The texts lie one behind the other; at and there arrange them."""
    texts, longest = at.shape
    q, k, v = F.linear(x, *layer["attend"])[at.view(-1)].view(
        texts, longest, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=there[:, None, None, :],
                                           dropout_p=dropped)
    mixed = mixed.transpose(1, 2).reshape(texts, longest, width)[there]
    x = norm(x + F.dropout(F.linear(mixed, *layer["join"]), dropped), layer["attended"])
    inside = F.gelu(F.linear(x, *layer["widen"]))
    return norm(x + F.dropout(F.linear(inside, *layer["narrow"]), dropped), layer["output"])


def arranged(lengths):
    at = torch.zeros(len(lengths), max(lengths), dtype=torch.long)
    there = torch.zeros(len(lengths), max(lengths), dtype=torch.bool)
    begin = 0
    for i, n in enumerate(lengths):
        at[i, :n], there[i, :n] = torch.arange(begin, begin + n), True
        begin += n
    return at, there


def mean(x, there):
    text = there.nonzero()[:, 0]
    return F.normalize(torch.zeros(len(there), width, device=x.device).index_add(0, text, x), dim=1)


def gained(layers_now):
    """What layers gained on those of the model, and their norms, as the program in convert reads them."""
    out = b""
    for layer, before in zip(layers_now, own[-len(layers_now):]):
        for name in PARTS:
            for v, b in zip(layer[name], before[name]):
                v = v.detach().cpu()
                v = v if name in ("attended", "output") else v - b
                out += v.numpy().astype("<f4").tobytes()
    return out


def before_the_last(texts, last):
    """States of texts, given as tokens, before the last layers, and the model's own vectors of them."""
    states, plain = [None] * len(texts), torch.zeros(len(texts), width)
    with torch.no_grad():
        for some in by_length(texts):
            tokens = [torch.tensor(texts[i]) for i in some]
            at, there = arranged([len(t) for t in tokens])
            x = norm(torch.cat([words[t] + places[:len(t)] for t in tokens]), first)
            for layer in own[:-last]:
                x = through(layer, x, at, there)
            for i, s in zip(some, x.split([len(t) for t in tokens])):
                states[i] = s.clone()
            for layer in own[-last:]:
                x = through(layer, x, at, there)
            plain[some] = mean(x, there)
    return states, plain


def by_length(texts, some=None):
    """The numbers of texts, of some or of all, 128 at a time, those of like length together."""
    some = sorted(range(len(texts)) if some is None else some, key=lambda i: len(texts[i]))
    return [some[i:i + 128] for i in range(0, len(some), 128)]


def learning(last, device="cpu"):
    """A copy of the last layers that can be learned."""
    return [{name: tuple(torch.nn.Parameter(v.to(device, copy=True)) for v in part) for name, part in layer.items()}
            for layer in own[-last:]]
