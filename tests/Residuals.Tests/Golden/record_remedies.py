"""Records what layers of reference implementations compute: python3 record_remedies.py CLONES > remedies.json

CLONES is a folder with bare clones of the repositories of README.md. Branches are stand-ins, tanh(x W^T), so that what
is recorded is how a layer puts shortcut, branch and normalization together. Nothing of the references is kept but these
numbers.
"""

import __future__
import ast
import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import types

import torch
from torch import nn

DIM, POSITIONS, LAYERS = 4, 3, 4
torch.set_default_dtype(torch.float64)


def repository_of(repository):
    return next(
        os.path.join(clones, name, inner)
        for name in os.listdir(clones)
        if name.replace("+", "/") == repository
        for inner in ("repo/.git", "repo", ".")
        if os.path.exists(os.path.join(clones, name, inner, "HEAD"))
    )


def source(repository, commit, path):
    return subprocess.run(
        ["git", f"--git-dir={repository_of(repository)}", "show", f"{commit}:{path}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def checkout(repository, commit, path, folder):
    """Puts a folder of a repository into another, without its history."""
    archive = subprocess.run(
        ["git", f"--git-dir={repository_of(repository)}", "archive", commit, path], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)


class Branch(nn.Module):
    """Stands for attention and feed-forward network; its weights have names that references look for."""

    def __init__(self, *args, **kwargs):
        super().__init__()
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(DIM, DIM))
        self.register_buffer("mix", torch.randn(DIM, DIM))

    def forward(self, query=None, hidden_states=None, **kwargs):
        x = query if query is not None else hidden_states
        y = torch.tanh(x @ self.mix.T)
        return (y, None) if query is not None else (y, None, None)

    def _get_input_buffer(self, state):
        return None


class FeedForward(nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.register_buffer("mix", torch.randn(DIM, DIM))

    def forward(self, x):
        return torch.tanh(x @ self.mix.T)


class RmsNorm(nn.Module):
    """In float64, which the references leave for float32."""

    def __init__(self, dim, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(dim)), eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)


class Megatron(nn.Module):
    """Stands for the base of Megatron-LM's modules."""

    def __init__(self, config):
        super().__init__()


def layer_norm(dim, export=False, bias=True):
    return nn.LayerNorm(dim)


def fairseq(base=None):
    utils = types.SimpleNamespace(get_activation_fn=lambda activation: torch.relu)
    modules = {
        "fairseq": types.ModuleType("fairseq"),
        "fairseq.modules": types.ModuleType("fairseq.modules"),
        "fairseq.modules.transformer_layer": types.ModuleType("fairseq.modules.transformer_layer"),
    }
    modules["fairseq"].utils = utils
    modules["fairseq.modules"].LayerNorm = layer_norm
    modules["fairseq.modules"].MultiheadAttention = Branch
    for name, value in (base or {}).items():
        setattr(modules["fairseq.modules.transformer_layer"], name, value)
    sys.modules.update(modules)


def run(text):
    space = {"__name__": "reference"}
    exec(compile(text, "reference", "exec"), space)
    return space


ARGUMENTS = types.SimpleNamespace(
    encoder_embed_dim=DIM,
    decoder_embed_dim=DIM,
    encoder_ffn_embed_dim=DIM,
    decoder_ffn_embed_dim=DIM,
    encoder_attention_heads=1,
    decoder_attention_heads=1,
    encoder_layers=LAYERS,
    decoder_layers=LAYERS,
    attention_dropout=0,
    dropout=0,
    encoder_normalize_before=False,
    decoder_normalize_before=False,
    residual_bottom_to_top=True,
    no_layer_norm=False,
    Tfixup=True,
    dont_use_layernorm=True,
)

NORMS = {"self_attn": "self_attn_layer_norm", "encoder_attn": "encoder_attn_layer_norm", "fc1": "final_layer_norm"}


def stand_in(layer):
    """The feed-forward network as tanh(x W^T)."""
    layer.fc1, layer.fc2, layer.activation_fn = FeedForward(), nn.Identity(), nn.Identity()


def perturb(layers):
    for layer in layers:
        for norm in layer.modules():
            if isinstance(norm, (nn.LayerNorm, RmsNorm)):
                for parameter in norm.parameters():
                    parameter.data += 0.3 * torch.randn(parameter.shape)


def values(norm):
    return {name: parameter.tolist() for name, parameter in norm.named_parameters()}


def fairseq_connections(layers, norms=True):
    for layer in layers:
        for name in ("self_attn", "encoder_attn", "fc1"):
            branch = getattr(layer, name, None)
            if branch is not None:
                norm = {"norm": values(getattr(layer, NORMS[name]))} if norms else {}
                yield {"branch": branch.mix.tolist(), "norms": norm}


def case(variant, role, norm, of, connections, forward):
    x = torch.randn(POSITIONS, DIM, requires_grad=True)
    weight = torch.randn(POSITIONS, DIM)
    y = forward(x)
    (y * weight).sum().backward()
    return {
        "variant": variant,
        "role": role,
        "norm": norm,
        "layers": LAYERS,
        "of": of,
        "connections": list(connections),
        "input": x.tolist(),
        "output": y.tolist(),
        "weight": weight.tolist(),
        "gradient": x.grad.tolist(),
    }


def encoder(layer, x):
    return layer(x.unsqueeze(1), None).squeeze(1)


def decoder(layer, x):
    return layer(x.unsqueeze(1), encoder_out=torch.zeros(1, 1, DIM))[0].squeeze(1)


def through(layers, step):
    def forward(x):
        for layer in layers:
            x = step(layer, x)
        return x

    return forward


def gains(make, scale):
    """How a reference changes the matrices that it has drawn."""
    torch.manual_seed(5)
    plain = make()
    torch.manual_seed(5)
    scaled = scale(make())
    before, after = dict(plain.named_parameters()), dict(scaled.named_parameters())
    return {
        name: (after[name].norm() / before[name].norm()).item()
        for name in before
        if name.endswith("weight") and "layer_norm" not in name
    }


def b2t():
    repository, commit = "takase/b2t_connection", "c8e2ad4ed0b137bf267272419dbf71771dff9f64"
    path = "fairseq/modules/transformer_layer.py"
    fairseq()
    reference = run(source(repository, commit, path))
    of = f"{repository}@{commit[:7]} {path}"
    cases, scaled = [], []
    for role, name, step in (
        ("encoder", "TransformerEncoderLayer", encoder),
        ("decoder", "TransformerDecoderLayer", decoder),
    ):
        layers = [reference[name](ARGUMENTS) for _ in range(LAYERS)]
        for layer in layers:
            stand_in(layer)
        perturb(layers)
        cases.append(case("b2t", role, "layer-norm", of, fairseq_connections(layers), through(layers, step)))
        without = types.SimpleNamespace(**{**vars(ARGUMENTS), "residual_bottom_to_top": False})
        torch.manual_seed(5)
        plain = dict(reference[name](without).named_parameters())
        torch.manual_seed(5)
        now = dict(reference[name](ARGUMENTS).named_parameters())
        scaled.append(
            {
                "initialization": "b2t",
                "role": role,
                "layers": LAYERS,
                "of": of,
                "gains": {
                    key: (now[key].norm() / plain[key].norm()).item()
                    for key in plain
                    if key.endswith("weight") and "layer_norm" not in key
                },
            }
        )
    return cases, scaled


def t_fixup():
    repository, commit = "layer6ai-labs/T-Fixup", "b17e166d9f60671a92c3f39e24c9b8c93995e5a3"
    path = "fairseq/modules/transformer_layer.py"
    fairseq()
    reference = run(source(repository, commit, path))
    of = f"{repository}@{commit[:7]} {path}"
    cases, scaled = [], []
    for role, name, step in (
        ("encoder", "TransformerEncoderLayer", encoder),
        ("decoder", "TransformerDecoderLayer", decoder),
    ):
        layers = [reference[name](ARGUMENTS) for _ in range(LAYERS)]
        for layer in layers:
            stand_in(layer)
        cases.append(
            case("t-fixup", role, "layer-norm", of, fairseq_connections(layers, norms=False), through(layers, step))
        )

        def fixed(layer):
            layer.fixup_initialization(ARGUMENTS)
            return layer

        scaled.append(
            {
                "initialization": "t-fixup",
                "role": role,
                "layers": LAYERS,
                "of": of,
                "gains": gains(lambda: reference[name](ARGUMENTS), fixed),
            }
        )
    return cases, scaled


class ResidualBase(nn.Module):
    """The attributes of fairseq's layer that ResiDual's layers use."""

    def __init__(self, cfg, *args):
        super().__init__()
        self.cfg, self.return_fc, self.onnx_trace, self.need_attn = cfg, False, False, False
        self.cross_self_attention = False
        self.self_attn, self.self_attn_layer_norm = Branch(), nn.LayerNorm(DIM)
        self.fc1, self.fc2, self.activation_fn = FeedForward(), nn.Identity(), nn.Identity()
        self.final_layer_norm = nn.LayerNorm(DIM)
        self.dropout_module = self.activation_dropout_module = nn.Identity()


class ResidualDecoderBase(ResidualBase):
    def __init__(self, cfg, *args):
        super().__init__(cfg)
        self.encoder_attn, self.encoder_attn_layer_norm = Branch(), nn.LayerNorm(DIM)
        self.c_attn = self.attn_ln = self.ffn_layernorm = self.w_resid = None


def residual():
    repository, commit = "microsoft/ResiDual", "8682f7510be105a0caf5b98a021e712f44f90ace"
    path = "resi_dual/resi_dual_layers.py"
    fairseq({"TransformerEncoderLayerBase": ResidualBase, "TransformerDecoderLayerBase": ResidualDecoderBase})
    reference = run(source(repository, commit, path))
    of = f"{repository}@{commit[:7]} {path}"
    cfg = types.SimpleNamespace(enc_res_input_norm_scale=1.0, dec_res_input_norm_scale=1.0)
    cases = []
    for role, name in (("encoder", "ResiDualEncoderLayer"), ("decoder", "ResiDualDecoderLayer")):
        layers = [reference[name](cfg) for _ in range(LAYERS)]
        end = nn.LayerNorm(DIM, eps=1e-7)  # as resi_dual.py ends its stacks: x * 1 + layer_norm(res)
        perturb([*layers, end])

        def forward(x):
            x = x.unsqueeze(1)
            data = (x, x)
            for layer in layers:
                data = (
                    layer(data, None) if role == "encoder" else layer(data, encoder_out=torch.zeros(1, 1, DIM))[0]
                )
            return (data[0] + end(data[1])).squeeze(1)

        connections = list(fairseq_connections(layers))
        connections[-1]["norms"]["end"] = values(end)
        cases.append(case("residual", role, "layer-norm", of, connections, forward))
    return cases


def classes(text, names, **space):
    """Classes of a file whose imports are not needed for them."""
    wanted = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name in names]
    for node in wanted:
        node.decorator_list = []
    space |= {"__name__": "reference", "nn": nn, "torch": torch, "math": math, "os": os}
    flags = __future__.annotations.compiler_flag
    exec(compile(ast.Module(wanted, []), "reference", "exec", flags), space)
    return space


def llama(text, **environment):
    os.environ.update(environment)
    stand_ins = {"LlamaRMSNorm": RmsNorm, "LlamaAttention": Branch, "LlamaMLP": FeedForward}
    space = classes(text, ["LlamaDecoderLayer"], **stand_ins, print=lambda *args: None)
    return space["LlamaDecoderLayer"]


def of_llama(variant, repository, commit, text, pairs, **environment):
    layer = llama(text, **environment)
    config = types.SimpleNamespace(
        hidden_size=DIM, num_hidden_layers=LAYERS, rms_norm_eps=1e-5, intermediate_size=DIM, hidden_act="silu"
    )
    layers = [layer(config, i) for i in range(LAYERS)]
    perturb(layers)
    connections = [
        {"branch": branch.mix.tolist(), "norms": {ours: values(getattr(one, theirs)) for ours, theirs in norms}}
        for i, one in enumerate(layers)
        for branch, norms in zip((one.self_attn, one.mlp), pairs(i))
    ]
    return case(
        variant,
        "alone",
        "rms-norm",
        f"{repository}@{commit[:7]} peft_pretraining/modeling_llama.py",
        connections,
        through(layers, lambda one, x: one(x.unsqueeze(0))[0].squeeze(0)),
    )


def of_mix_ln():
    repository, commit = "pixeli99/MixLN", "ff458269dff837f1900025fb7cc864b404b9c7e6"
    text = source(repository, commit, "peft_pretraining/modeling_llama.py")
    post = [[("norm", "post_attention_layernorm")], [("norm", "post_feedforward_layernorm")]]
    pre = [[("norm", "input_layernorm")], [("norm", "post_attention_layernorm")]]
    sandwich = [
        [("before", "input_layernorm"), ("inner", "post_attention_layernorm")],
        [("before", "pre_feedforward_layernorm"), ("inner", "post_feedforward_layernorm")],
    ]
    return [
        of_llama(
            "mix-ln",
            repository,
            commit,
            text,
            lambda i: post if i < 1 else pre,
            NORM_TYPE="post_pre",
            POST_NUM=str(LAYERS // 4),
        ),
        of_llama("sandwich-ln", repository, commit, text, lambda i: sandwich, NORM_TYPE="sandwich"),
    ]


def of_layer_norm_scaling():
    repository, commit = "lmsdss/LayerNorm-Scaling", "3ac54dde961b04780b152bc8b38b71b2f8e1c16a"
    text = source(repository, commit, "peft_pretraining/modeling_llama.py")
    pre = [[("norm", "input_layernorm")], [("norm", "post_attention_layernorm")]]
    # As it is, the value is put into lower case and then compared with 'LNS', so a layer returns its input.
    mended = text.replace("os.getenv('NORM_TYPE', 'pre').lower()", "os.getenv('NORM_TYPE', 'pre')")
    assert mended != text
    asis = llama(text, NORM_TYPE="LNS")(
        types.SimpleNamespace(
            hidden_size=DIM, num_hidden_layers=LAYERS, rms_norm_eps=1e-5, intermediate_size=DIM, hidden_act="silu"
        ),
        0,
    )
    x = torch.randn(1, POSITIONS, DIM)
    assert asis(x)[0] is x, "the reference does not return its input any more"
    return [
        of_llama("layer-norm-scaling", repository, commit, mended, lambda i: pre, NORM_TYPE="LNS")
        | {"note": "with one word mended: as it is, a layer returns its input"}
    ]


def siamese_norm():
    repository, commit = "Qwen-Applications/SiameseNorm", "70efa00c6e37562e80c94efad2c5bc6533e6cf31"
    path = "deit-model-siamesenorm.py"
    stand_ins = {"Attention": FeedForward, "Mlp": FeedForward, "DropPath": nn.Identity}
    space = classes(source(repository, commit, path), ["Block"], **stand_ins)
    blocks = [space["Block"](DIM, 1, index=i) for i in range(LAYERS)]
    ends = nn.ModuleDict({"pre_norm": nn.LayerNorm(DIM), "post_norm": nn.LayerNorm(DIM)})
    perturb([*blocks, ends])

    def forward(x):
        x, y = x, x.clone()
        for block in blocks:
            x, y = block(x, y)
        return ends["pre_norm"](x) + ends["post_norm"](y)  # as forward_features has it before final_norm

    # Of each sublayer: the normalization of x at its beginning, that of y, that of both, the branch.
    sublayers = [
        parts
        for block in blocks
        for parts in (
            (block.post_norm1, block.pre_norm1, block.input_norm1, block.attn),
            (block.post_norm2, block.pre_norm2, block.input_norm2, block.mlp),
        )
    ]
    nexts = [*(parts[0] for parts in sublayers[1:]), ends["pre_norm"]]
    connections = [
        {"branch": branch.mix.tolist(), "norms": {"norm": values(after), "read": values(y), "before": values(both)}}
        for (_, y, both, branch), after in zip(sublayers, nexts)
    ]
    connections[0]["norms"]["entry"] = values(sublayers[0][0])
    connections[-1]["norms"]["end"] = values(ends["post_norm"])
    return case("siamese-norm", "alone", "layer-norm", f"{repository}@{commit[:7]} {path}", connections, forward)


def layer_scale():
    repository, commit = "facebookresearch/deit", "7e160fe43f0252d17191b71cbb5826254114ea5b"
    path = "cait_models.py"
    stand_ins = {"Attention_talking_head": FeedForward, "Mlp": FeedForward}
    space = classes(source(repository, commit, path), ["LayerScale_Block"], **stand_ins)
    blocks = [space["LayerScale_Block"](DIM, 1) for _ in range(LAYERS)]
    perturb(blocks)
    for block in blocks:
        for gamma in (block.gamma_1, block.gamma_2):
            gamma.data += 0.3 * torch.randn(DIM)
    connections = [
        {"branch": branch.mix.tolist(), "norms": {"norm": values(norm)}, "parameters": {"lambda": gamma.tolist()}}
        for block in blocks
        for branch, norm, gamma in (
            (block.attn, block.norm1, block.gamma_1),
            (block.mlp, block.norm2, block.gamma_2),
        )
    ]
    forward = through(blocks, lambda block, x: block(x))
    return case("layer-scale", "alone", "layer-norm", f"{repository}@{commit[:7]} {path}", connections, forward)


def scale_norm():
    repository, commit = "tnq177/transformers_without_tears", "c2dfaaa93c2437a75f08b52de88b1132f78e7cad"
    path = "layers.py"
    reference = run(source(repository, commit, path))

    class Attention(FeedForward):
        def forward(self, q, **kwargs):
            return super().forward(q), None

    reference["MultiheadAttention"], reference["FeedForward"] = Attention, FeedForward
    encoder = reference["Encoder"](
        types.SimpleNamespace(dropout=0, num_enc_layers=LAYERS, pre_act=True, scnorm=True, embed_dim=DIM)
    )
    for scale in encoder.scales:
        scale.scale.data += 0.3 * torch.randn(())
    encoder.scales[-1] = nn.Identity()  # that at the end belongs to the stack
    branches = [branch for pair in zip(encoder.atts, encoder.ffs) for branch in pair]
    connections = [
        {"branch": branch.mix.tolist(), "norms": {"norm": {"weight": [scale.scale.item()]}}}
        for branch, scale in zip(branches, encoder.scales)
    ]
    return case(
        "pre-ln",
        "encoder",
        "scale-norm",
        f"{repository}@{commit[:7]} {path}",
        connections,
        lambda x: encoder(x.unsqueeze(0), None).squeeze(0),
    )


def rearrange(x, pattern, h=None):
    """The four patterns that torchscale's attention has."""
    if pattern == "b l (h d) -> (b h) l d":
        b, l, d = x.shape
        return x.reshape(b, l, h, d // h).transpose(1, 2).reshape(b * h, l, d // h)
    if pattern == "(b h) l d -> b l (h d)":
        bh, l, d = x.shape
        return x.reshape(bh // h, h, l, d).transpose(1, 2).reshape(bh // h, l, h * d)
    if pattern == "(b h) t s -> b h t s":
        return x.reshape(x.shape[0] // h, h, *x.shape[1:])
    assert pattern == "b h t s -> (b h) t s", pattern
    return x.reshape(x.shape[0] * x.shape[1], *x.shape[2:])


def sub_ln():
    repository, commit = "microsoft/torchscale", "4d1e0e82e5adf86dd424f1463192635b73fc8efc"
    folder = tempfile.mkdtemp()
    checkout(repository, commit, "torchscale", folder)
    # Where the reference computes in float32 whatever its weights are, here it is float64.
    for path, old, new in (
        ("multihead_attention.py", "dim=-1, dtype=torch.float32", "dim=-1"),
        ("feedforward_network.py", "x.float()", "x"),
    ):
        file = os.path.join(folder, "torchscale", "component", path)
        text = open(file).read()
        assert old in text
        open(file, "w").write(text.replace(old, new))
    for name in ("fairscale", "fairscale.nn", "timm", "timm.models", "timm.models.layers", "einops"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["fairscale.nn"].checkpoint_wrapper = sys.modules["fairscale.nn"].wrap = lambda x, **kwargs: x
    sys.modules["timm.models.layers"].drop_path = None
    sys.modules["einops"].rearrange = rearrange
    for name in [name for name in sys.modules if name.startswith("fairseq")]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    from torchscale.architecture.config import DecoderConfig, EncoderConfig
    from torchscale.architecture.decoder import Decoder
    from torchscale.architecture.encoder import Encoder

    dim, heads, hidden = 8, 2, 6
    of = f"{repository}@{commit[:7]} torchscale/architecture"

    def shape(side, **kwargs):
        return {
            f"{side}_embed_dim": dim,
            f"{side}_attention_heads": heads,
            f"{side}_ffn_embed_dim": hidden,
            "encoder_layers": LAYERS,
            "decoder_layers": LAYERS,
            "activation_fn": "relu",
            **kwargs,
        }

    def make(role, subln):
        torch.manual_seed(5)
        if role == "decoder":
            return Decoder(DecoderConfig(**shape("decoder", subln=subln)), is_encoder_decoder=True)
        config = EncoderConfig(**shape("encoder", subln=subln))
        config.decoder_layers = LAYERS
        return Encoder(config, is_encoder_decoder=role == "encoder")

    scaled = []
    for role in ("alone", "encoder", "decoder"):
        plain, now = dict(make(role, False).named_parameters()), dict(make(role, True).named_parameters())
        scaled.append(
            {
                "initialization": "sub-ln",
                "role": role,
                "layers": LAYERS,
                "of": of,
                "gains": {
                    name: (now[name].norm() / plain[name].norm()).item() for name in plain if plain[name].dim() == 2
                },
            }
        )

    encoder = make("alone", True)
    for parameter in encoder.parameters():
        if parameter.dim() == 1:
            parameter.data += 0.3 * torch.randn(parameter.shape)
    x = torch.randn(2, POSITIONS, dim, requires_grad=True)
    weight = torch.randn(2, POSITIONS, dim)
    y = encoder(None, token_embeddings=x)["encoder_out"]
    (y * weight).sum().backward()
    whole = {
        "variant": "sub-ln",
        "of": f"{of}/encoder.py",
        "layers": LAYERS,
        "heads": heads,
        "hidden": hidden,
        "parameters": {name: parameter.tolist() for name, parameter in encoder.named_parameters()},
        "input": x.tolist(),
        "output": y.tolist(),
        "weight": weight.tolist(),
        "gradient": x.grad.tolist(),
    }
    return whole, scaled


def dlcl(variant):
    """The history of the reference, with sublayers of stand-ins between."""
    repository, commit = "wangqiangneu/dlcl", "c632ee2bc22a007541243d8d6d2820697c62111b"
    path = "fairseq/modules/layer_history.py"
    modules = {name: types.ModuleType(name) for name in ("fairseq", "fairseq.models", "fairseq.utils", "numpy")}
    modules["fairseq.models.transformer"] = types.ModuleType("fairseq.models.transformer")
    modules["fairseq.models.transformer"].LayerNorm = nn.LayerNorm
    modules["fairseq"].utils = modules["fairseq.utils"]
    sys.modules.update(modules)
    reference = run(source(repository, commit, path))
    before = variant == "dlcl"
    cases = []
    for role, sublayers in (("encoder", 2), ("decoder", 3)):
        history = reference["CreateLayerHistory"](
            types.SimpleNamespace(
                **vars(ARGUMENTS)
                | {f"{role}_history_type": "learnable_dense", f"{role}_normalize_before": before}
            ),
            role == "encoder",
        )
        layers = [[(FeedForward(), nn.LayerNorm(DIM)) for _ in range(sublayers)] for _ in range(LAYERS)]
        perturb([history, *(norm for layer in layers for _, norm in layer)])
        history.weight.data += 0.3 * torch.randn(history.weight.shape)

        def forward(x):
            history.clean()
            history.add(x.unsqueeze(1))
            for layer in layers:  # as the encoder and the decoder of simple_dlcl_transformer.py
                x = history.pop()
                for branch, norm in layer:
                    x = x + branch(norm(x)) if before else norm(x + branch(x))
                history.add(x)
            return history.pop().squeeze(1)

        connections = [
            {"branch": branch.mix.tolist(), "norms": {"norm": values(norm)}, "parameters": {}}
            for layer in layers
            for branch, norm in layer
        ]
        connections[0]["parameters"]["start"] = history.weight[0, :1].tolist()
        for i, norm in enumerate(history.layer_norms):
            last = connections[(i + 1) * sublayers - 1]
            last["norms"]["stored" if before else "mixed"] = values(norm)
            last["parameters"]["weights"] = history.weight[i + 1, : i + 2].tolist()
        cases.append(
            case(variant, role, "layer-norm", f"{repository}@{commit[:7]} {path}", connections, forward)
        )
    return cases


def hyper_connections():
    repository, commit = "lucidrains/hyper-connections", "47751035f6e92f73121f1da56603f0d410115799"
    path = "hyper_connections/hyper_connections.py"
    for module in [module for module in sys.modules if module.split(".")[0] == "einops"]:
        del sys.modules[module]  # of einops, sub_ln() has a stand-in
    folder = tempfile.mkdtemp()
    checkout("arogozhnikov/einops", "ccb89f27599f26d7140a1bd2703305309fe3a3bd", "einops", folder)
    sys.path.insert(0, folder)
    # Where the reference computes in float32 whatever its weights are, here it is float64.
    reference = run(source(repository, commit, path).replace(".float()", ""))
    reference["RMSNorm"] = lambda dim: RmsNorm(dim, 1e-5)  # its own has no eps
    streams = 4
    layers = [
        (
            reference["HyperConnections"](streams, dim=DIM, layer_index=i, branch=None),
            RmsNorm(DIM, 1e-5),
            FeedForward(),
        )
        for i in range(2 * LAYERS)
    ]
    for hyper, norm, _ in layers:
        for parameter in [*hyper.parameters(), *norm.parameters()]:
            parameter.data += 0.3 * torch.randn(parameter.shape)

    def forward(x):
        h = x.unsqueeze(0).repeat(streams, 1, 1)
        for hyper, norm, branch in layers:
            read, write = hyper(h)
            h = write(branch(norm(read)))
        return h.sum(0)  # as the reference's functions for the beginning and the end

    def parameters(hyper):
        dynamic = hyper.dynamic_alpha_fn.reshape(-1, DIM, streams + 1)[0]
        return {
            "static": torch.cat([hyper.static_alpha, hyper.static_beta.unsqueeze(1)], 1).flatten().tolist(),
            "dynamic": torch.cat([dynamic, hyper.dynamic_beta_fn.unsqueeze(1)], 1).flatten().tolist(),
            "scale": [hyper.dynamic_alpha_scale.item(), hyper.dynamic_beta_scale.item()],
        }

    connections = [
        {
            "branch": branch.mix.tolist(),
            "norms": {"norm": values(norm), "streams": values(hyper.norm)},
            "parameters": parameters(hyper),
        }
        for hyper, norm, branch in layers
    ]
    source_name = f"{repository}@{commit[:7]} {path}"
    return case("hyper-connections", "alone", "rms-norm", source_name, connections, forward)


def mhc():
    repository, commit = "NVIDIA/Megatron-LM", "2f2f8ebaef90f4d62a18a43808398223b1fc5809"
    path = "megatron/core/transformer/hyper_connection.py"
    own = {"transformer.module": {"MegatronModule": Megatron, "mark_keep_in_fp32": lambda value: None}}
    own["transformer.transformer_config"] = {"TransformerConfig": object}
    own["utils"] = {"nvtx_decorator": lambda message: lambda function: function}
    for name in ["megatron", "megatron.core", "megatron.core.transformer", *(f"megatron.core.{name}" for name in own)]:
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(own.get(name.removeprefix("megatron.core."), {}))
    torch.compile = lambda function: function  # PyTorch 1.13 has none
    torch.cuda.nvtx.range = lambda name: contextlib.nullcontext()
    # Where the reference computes in float32 whatever its weights are, here it is float64.
    text = source(repository, commit, path).replace(".float()", "").replace(".to(torch.float32)", "")
    reference = run(text)

    def normalized(x, weight, eps):  # its own has eps outside of the root
        return x @ weight.T, torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)

    reference["native_proj_rms"] = normalized
    streams = 4
    config = types.SimpleNamespace(
        num_residual_streams=streams, hidden_size=DIM, mhc_sinkhorn_iterations=20, mhc_init_gating_factor=0.01,
        use_fused_mhc=False, sequence_parallel=False,
    )
    layers = [
        (reference["HyperConnectionModule"](config, i + 1), RmsNorm(DIM, 1e-5), FeedForward())
        for i in range(2 * LAYERS)
    ]
    for hyper, norm, _ in layers:
        for parameter in [*hyper.parameters(), *norm.parameters()]:
            parameter.data += 0.3 * torch.randn(parameter.shape)

    def forward(x):
        h = x.unsqueeze(1).repeat(1, 1, streams)
        for hyper, norm, branch in layers:
            read, write, mix = hyper.compute_mappings(h)
            of_streams = h.unflatten(-1, (streams, DIM))
            f = branch(norm(reference["native_h_aggregate"](of_streams, read)))
            h = reference["native_h_post_bda"](mix, of_streams, write, f, None).flatten(-2)
        return h.unflatten(-1, (streams, DIM)).sum(-2).squeeze(1)  # as hyper-connections end

    def by_stream(values):
        """Of each stream what is read of it, how it is mixed into the others, and what is written to it."""
        read, write, mix = values.split([streams, streams, streams * streams])
        mix = mix.view(streams, streams, *values.shape[1:])
        return torch.cat([read.unsqueeze(1), mix, write.unsqueeze(1)], 1).flatten(0, 1)

    connections = [
        {
            "branch": branch.mix.tolist(),
            "norms": {"norm": values(norm), "streams": {"weight": [1.0] * (streams * DIM)}},
            "parameters": {
                "static": by_stream(hyper.bias).tolist(),
                "dynamic": by_stream(hyper.mapping_proj.weight).T.flatten().tolist(),
                "scale": [hyper.alpha_pre.item(), hyper.alpha_res.item(), hyper.alpha_post.item()],
            },
        }
        for hyper, norm, branch in layers
    ]
    return case("mhc", "alone", "rms-norm", f"{repository}@{commit[:7]} {path}", connections, forward)


def olmo_core(variant, name, norms):
    """Blocks of OLMo-core: norms has, of attention and of the feed-forward network, our names and theirs."""
    repository, commit = "allenai/OLMo-core", "fa6c5014c9f6e9ee789da2d9c20d5126fee8df0d"
    path, stream = "src/olmo_core/nn/transformer/block.py", "src/olmo_core/nn/residual_stream.py"
    space = classes(
        source(repository, commit, path),
        ["TransformerBlockBase", "TransformerBlock", name],
        **classes(source(repository, commit, stream), ["ResidualStream"]),
        abstractmethod=lambda method: method,
        TransformerDataParallelWrappingStrategy=types.SimpleNamespace(full=None),
    )
    branch = types.SimpleNamespace(build=lambda *args, **kwargs: FeedForward())
    norm = types.SimpleNamespace(build=lambda dim, **kwargs: RmsNorm(dim, 1e-5))
    blocks = [
        space[name](
            d_model=DIM, block_idx=i, n_layers=LAYERS, sequence_mixer=branch, feed_forward=branch, layer_norm=norm
        )
        for i in range(LAYERS)
    ]
    perturb(blocks)
    connections = [
        {
            "branch": getattr(block, part).mix.tolist(),
            "norms": {ours: values(getattr(block, theirs)) for ours, theirs in names},
        }
        for block in blocks
        for part, names in zip(("attention", "feed_forward"), norms)
    ]
    return case(
        variant,
        "alone",
        "rms-norm",
        f"{repository}@{commit[:7]} {path}",
        connections,
        through(blocks, lambda block, x: block(x)),
    )


def attention(q, k, v, attn_mask, dropout_p, is_causal):
    """What newer versions of PyTorch have as scaled_dot_product_attention."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return (scores if attn_mask is None else scores + attn_mask).softmax(-1) @ v


def hybrid_norm(variant, special):
    repository, commit = "BryceZhuo/HybridNorm", "f0dd60589c4cafcbd5496d60884d2745ff340805"
    path = "dense_model/olmo/model.py"
    # Where the reference computes in float32 whatever its weights are, here it is float64.
    text = source(repository, commit, path).replace("x.to(torch.float32)", "x")
    kinds = types.SimpleNamespace(default="default", low_precision="low precision", rms="rms")
    space = classes(
        text,
        ["LayerNormBase", "LayerNorm", "RMSLayerNorm", "Dropout", "Activation", "ReLU", "OLMoBlock",
         "OLMoSequentialBlock"],
        F=types.SimpleNamespace(scaled_dot_product_attention=attention, dropout=nn.functional.dropout),
        abstractmethod=lambda method: method,
        cast=lambda kind, value: value,
        log=types.SimpleNamespace(info=lambda text: None),
        LayerNormType=kinds,
        ActivationType=types.SimpleNamespace(gelu="gelu", relu="relu", swiglu="swiglu"),
    )
    dim, heads, hidden = 8, 2, 6
    config = types.SimpleNamespace(  # norms as in configs/exps/1.2B-dense-HybriedNorm.yaml
        d_model=dim, n_heads=heads, effective_n_kv_heads=heads, n_layers=LAYERS, mlp_hidden_size=hidden,
        activation_type="relu", include_bias=True, bias_for_layer_norm=False, init_device="cpu",
        layer_norm_type="rms", layer_norm_eps=1e-5, layer_norm_with_affine=True,
        attention_layer_norm=False, attention_layer_norm_with_affine=True,
        use_query_norm=True, use_key_norm=True, use_value_norm=True, use_context_norm=False,
        attn_norm=False, ffn_norm=True, attn_residual_after_norm=False, ffn_residual_after_norm=True,
        norm_pos_special_config=special, residual_dropout=0.0, attention_dropout=0.0, clip_qkv=None, rope=False,
        flash_attention=False,
    )
    blocks = nn.ModuleList([space["OLMoSequentialBlock"](i, config, None) for i in range(LAYERS)])
    for parameter in blocks.parameters():
        if parameter.dim() == 1:
            parameter.data += 0.3 * torch.randn(parameter.shape)
    x = torch.randn(2, POSITIONS, dim, requires_grad=True)
    weight = torch.randn(2, POSITIONS, dim)
    y = x
    for block in blocks:
        y, _ = block(y, attention_bias=torch.zeros(1, 1, POSITIONS, POSITIONS))
    (y * weight).sum().backward()
    return {
        "variant": variant,
        "of": f"{repository}@{commit[:7]} {path}",
        "norm": "rms-norm",
        "layers": LAYERS,
        "heads": heads,
        "hidden": hidden,
        "parameters": {name: parameter.tolist() for name, parameter in blocks.named_parameters()},
        "input": x.tolist(),
        "output": y.tolist(),
        "weight": weight.tolist(),
        "gradient": x.grad.tolist(),
    }


def complete_p(variant, exponent):
    repository, commit = "EleutherAI/nanoGPT-mup", "6f8bc3bdc744556141255f810a22387b2255b6c1"
    stand_ins = {"LayerNorm": layer_norm, "CausalSelfAttention": FeedForward, "MLP": FeedForward}
    block = classes(source(repository, commit, "model.py"), ["Block"], **stand_ins)["Block"]
    config = types.SimpleNamespace(
        n_embd=DIM, bias=True, depth_alpha_enabled=True, depth_multiplier=LAYERS, depth_alpha_exp=exponent
    )
    blocks = [block(config) for _ in range(LAYERS)]
    perturb(blocks)
    connections = [
        {"branch": branch.mix.tolist(), "norms": {"norm": values(norm)}}
        for one in blocks
        for branch, norm in ((one.attn, one.ln_1), (one.mlp, one.ln_2))
    ]
    forward = through(blocks, lambda one, x: one(x))
    return case(variant, "alone", "layer-norm", f"{repository}@{commit[:7]} model.py", connections, forward)


class Copy(nn.Module):
    def forward(self, x):
        return x.clone()


def skip_init():
    """Of a block for images; its convolutions are one stand-in."""
    repository, commit = "huggingface/pytorch-image-models", "aa4b5850c1543fa488abf260f18390eda46cf85d"
    path = "timm/models/nfnet.py"
    block = classes(
        source(repository, commit, path),
        ["NormFreeBlock"],
        ScaledStdConv2d=None,
        make_divisible=lambda value, divisor: value,
    )["NormFreeBlock"]

    def convolution(before, after, size, **kwargs):
        return Copy() if size == 3 or "gain_init" in kwargs else FeedForward()

    blocks = [
        block(DIM, skipinit=True, act_layer=lambda inplace=False: nn.Identity(), conv_layer=convolution)
        for _ in range(2 * LAYERS)
    ]
    for one in blocks:
        one.skipinit_gain.data += torch.randn(())
    connections = [
        {"branch": one.conv1.mix.tolist(), "norms": {}, "parameters": {"alpha": [one.skipinit_gain.item()]}}
        for one in blocks
    ]
    forward = through(blocks, lambda one, x: one(x))
    return case("skip-init", "alone", "layer-norm", f"{repository}@{commit[:7]} {path}", connections, forward)


clones = sys.argv[1]
torch.manual_seed(1)
b2t_cases, b2t_gains = b2t()
fixup_cases, fixup_gains = t_fixup()
cases = [*b2t_cases, *residual(), *fixup_cases, *of_mix_ln(), *of_layer_norm_scaling()]
torch.manual_seed(2)
cases += [siamese_norm(), scale_norm()]
torch.manual_seed(3)
sub_ln_encoder, sub_ln_gains = sub_ln()
torch.manual_seed(4)
cases.append(layer_scale())
torch.manual_seed(6)
cases += [*dlcl("dlcl"), *dlcl("dlcl-post-ln")]
torch.manual_seed(7)
cases.append(hyper_connections())
torch.manual_seed(8)
cases.append(mhc())
torch.manual_seed(9)
peri = [
    [("before", "attention_norm"), ("inner", "post_attention_norm")],
    [("before", "feed_forward_norm"), ("inner", "post_feed_forward_norm")],
]
output = [[("norm", "attention_norm")], [("norm", "feed_forward_norm")]]
cases.append(olmo_core("peri-ln", "PeriNormTransformerBlock", peri))
cases.append(olmo_core("output-norm", "ReorderedNormTransformerBlock", output))
torch.manual_seed(11)
cases += [complete_p("depth-mup", 0.5), complete_p("complete-p", 1.0), skip_init()]
torch.manual_seed(10)
encoders = [
    sub_ln_encoder,
    hybrid_norm("hybrid-norm", ""),
    hybrid_norm("hybrid-norm-star", "_{0:{'attn_norm':True,'ffn_residual':False}}_"),
]
print('{"torch": %s, "cases": [' % json.dumps(torch.__version__))
print(",\n".join(json.dumps(case) for case in cases))
print('], "gains": [')
print(",\n".join(json.dumps(gain) for gain in [*b2t_gains, *fixup_gains, *sub_ln_gains]))
print('], "encoders": [')
print(",\n".join(json.dumps(encoder) for encoder in encoders))
print("]}")
