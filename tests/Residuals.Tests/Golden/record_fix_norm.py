"""Records what FixNorm makes of word vectors in the reference: python3 record_fix_norm.py CLONES > fix-norm.json

CLONES is as for record_remedies.py. Of the reference's model are recorded the word vectors, what the encoder reads of
some tokens without their positions, the logits of given vectors, and the word vectors' gradient of the sum of both with
given weights.
"""

import json
import os
import subprocess
import sys
import tempfile
import types

import torch

REPOSITORY, COMMIT = "tnq177/transformers_without_tears", "c2dfaaa93c2437a75f08b52de88b1132f78e7cad"
VOCABULARY, DIM, LENGTH = 11, 16, 6
torch.set_default_dtype(torch.float64)
torch.manual_seed(1)


def reference():
    clone = next(
        os.path.join(sys.argv[1], REPOSITORY.replace("/", "+"), inner)
        for inner in ("repo/.git", "repo", ".")
        if os.path.exists(os.path.join(sys.argv[1], REPOSITORY.replace("/", "+"), inner, "HEAD"))
    )
    folder = tempfile.mkdtemp()
    for file in ("model.py", "layers.py", "utils.py", "all_constants.py"):
        with open(os.path.join(folder, file), "wb") as to:
            subprocess.run(["git", f"--git-dir={clone}", "show", f"{COMMIT}:{file}"], check=True, stdout=to)
    sys.path.insert(0, folder)
    import model

    return model.Transformer


options = types.SimpleNamespace(
    embed_dim=DIM, fix_norm=True, joint_vocab_size=VOCABULARY, lang_vocab_size=2, use_bias=False, mask_logit=True,
    dropout=0, att_dropout=0, ff_dropout=0, word_dropout=0, num_enc_layers=1, num_dec_layers=1, num_heads=2,
    ff_dim=4 * DIM, pre_act=True, scnorm=True, label_smoothing=0,
)
model = reference()(options)
bound = model.word_embedding.abs().max().item()
model.lang_embedding.data.zero_()
tokens = torch.randint(4, VOCABULARY, (1, LENGTH))
hidden = torch.randn(LENGTH, DIM)
seen = {}
model.encoder.forward = lambda inputs, mask: seen.update(read=inputs) or inputs
model.decoder.forward = lambda inputs, *others: hidden.unsqueeze(0)
project = model.logit_fn
model.logit_fn = lambda *given: seen.setdefault("logits", project(*given))
everything = torch.ones(VOCABULARY)
model(tokens, tokens, tokens, 0, 0, everything)
import utils

read = (seen["read"] - utils.get_positional_encoding(DIM, LENGTH)).squeeze(0)
of_read, of_logits = torch.randn_like(read), torch.randn_like(seen["logits"])
((read * of_read).sum() + (seen["logits"] * of_logits).sum()).backward()
numbers = dict(
    tokens=tokens.squeeze(0), words=model.word_embedding, hidden=hidden, read=read, logits=seen["logits"],
    weight_of_read=of_read, weight_of_logits=of_logits, gradient=model.word_embedding.grad,
)
print(json.dumps(
    dict(torch=torch.__version__, of=f"{REPOSITORY}@{COMMIT[:7]} model.py", largest=bound)
    | {name: value.tolist() for name, value in numbers.items()}
))
