"""Writes the recorded weights of the reference as checkpoints of fairseq, with PyTorch's own torch.save.

    /usr/bin/python3 write_checkpoints.py RECORDED OUTPUT [--all]

RECORDED is the folder with model/manifest.json (../). Needs PyTorch (Debian: python3-torch) and nothing else. Without
--all it writes the few that are committed here; with it every variant in every style:

    clinic   as Transformer-Clinic saves it: args, the names of fairseq 0.9, a zip archive
    stream   the same as PyTorch before 1.6 wrote it: a stream of pickles
    modern   as fairseq from 1.0 on: cfg, q_proj and output_projection, the shared matrices under all their names
    half     clinic in float16, as --fp16 without master weights leaves it
"""

import argparse
import json
import pathlib
import struct
import sys
import types

import torch

TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = bytearray(data[8 + length + begin : 8 + length + end])
        tensors[name] = torch.frombuffer(raw, dtype=TYPES[entry["dtype"]]).reshape(entry["shape"]).clone()
    return tensors


def meters():
    """A stand-in for the class whose objects fairseq leaves in extra_state, under its name."""
    for name in ["fairseq", "fairseq.meters"]:
        sys.modules.setdefault(name, types.ModuleType(name))
    meter = type("AverageMeter", (), {"__module__": "fairseq.meters"})
    sys.modules["fairseq.meters"].AverageMeter = meter
    value = meter()
    value.val, value.sum, value.count = 1.5, 30.0, 20
    return value


def options(manifest, variant, tensors):
    flags = manifest["variants"][variant]["reference_flags"]
    dims = manifest["dims"]
    values = json.loads((pathlib.Path(__file__).parent / "training_options.json").read_text())
    values.update(
        arch="transformer",
        init_type=flags[flags.index("--init-type") + 1] if "--init-type" in flags else "default",
        encoder_normalize_before="--encoder-normalize-before" in flags,
        decoder_normalize_before="--decoder-normalize-before" in flags,
        share_all_embeddings="decoder.embed_out" not in tensors,
        decoder_output_dim=dims["d"],
        decoder_input_dim=dims["d"],
    )
    for stack, layers in [("encoder", dims["enc"]), ("decoder", dims["dec"])]:
        values[f"{stack}_embed_dim"] = dims["d"]
        values[f"{stack}_ffn_embed_dim"] = dims["ffn"]
        values[f"{stack}_attention_heads"] = dims["heads"]
        values[f"{stack}_layers"] = layers
    return argparse.Namespace(**values)


def modern_names(tensors):
    renamed = {}
    for name, value in tensors.items():
        head, _, last = name.rpartition(".")
        if last in ("in_proj_weight", "in_proj_bias"):
            for part, rows in zip("qkv", value.chunk(3)):
                renamed[f"{head}.{part}_proj.{last[8:]}"] = rows.clone()
        elif last in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
            renamed[f"{head}.{last[0]}_proj.weight"] = value
        elif name == "decoder.embed_out":
            renamed["decoder.output_projection.weight"] = value
        else:
            renamed[name] = value
    renamed.setdefault("decoder.embed_tokens.weight", renamed["encoder.embed_tokens.weight"])
    renamed.setdefault("decoder.output_projection.weight", renamed["decoder.embed_tokens.weight"])
    renamed["encoder.embed_positions._float_tensor"] = torch.zeros(1)
    return renamed


def checkpoint(style, tensors, arguments):
    if style == "modern":
        tensors = modern_names(tensors)
        configuration = {
            "_name": None,
            "common": {"seed": 1, "fp16": False},
            "model": arguments,
            "task": {"_name": "translation", "source_lang": "de", "target_lang": "en"},
        }
    if style == "half":
        tensors = {name: value.half() for name, value in tensors.items()}
    tensors = dict(tensors)
    if "decoder.embed_tokens.weight" in tensors and arguments.share_all_embeddings:
        tensors["decoder.embed_tokens.weight"] = tensors["encoder.embed_tokens.weight"]
    return {
        "args": None if style == "modern" else arguments,
        "cfg": configuration if style == "modern" else None,
        "model": tensors,
        "optimizer_history": [{"criterion_name": "LabelSmoothedCrossEntropyCriterion", "num_updates": 264}],
        "extra_state": {
            "train_iterator": {"epoch": 3, "iterations_in_epoch": 0},
            "train_meters": {"train_loss": meters()},
            "best": 4.25,
        },
        "last_optimizer_state": None,
    }


def main():
    recorded, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    manifest = json.loads((recorded / "model" / "manifest.json").read_text())
    chosen = (
        [(variant, style) for variant in manifest["variants"] for style in ("clinic", "stream", "modern", "half")]
        if "--all" in sys.argv
        else [("admin", "clinic"), ("deepnet", "stream"), ("encpre_decpost", "modern")]
    )
    for variant, style in chosen:
        for state in ("perturbed", "init"):
            weights = recorded / "model" / variant / f"{state}.weights.safetensors"
            if weights.exists():
                break
        tensors = read_safetensors(weights)
        content = checkpoint(style, tensors, options(manifest, variant, tensors))
        path = output / f"{variant}.{state}.{style}.pt"
        torch.save(content, path, _use_new_zipfile_serialization=style != "stream")
        print(path, path.stat().st_size)


main()
