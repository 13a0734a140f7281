"""SentencePiece's own library (Debian: python3-sentencepiece): a line in, its ids out, with the end mark."""
import sys

import sentencepiece

model = sentencepiece.SentencePieceProcessor()
model.Load(sys.argv[1])
sys.stdin.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    print(*model.EncodeAsIds(line.rstrip("\n")), model.eos_id())
