"""Small checkpoints with weights from a seed, saved by the classes of transformers as the published ones are."""

import json
import socket
import string
import zlib

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    BertConfig,
    BertForTokenClassification,
    ModernBertConfig,
    ModernBertModel,
    XLMRobertaConfig,
    XLMRobertaForTokenClassification,
)

CORPUS = [
    "the server is down and the backup was not restored before the deadline, said the operator of the node",
    "we found that the cache is full: retry the job, or remove /var/lib/orders and start again!",
]


def spread(module, seed):
    """Fill a module with numbers of a seed. Those of transformers are so small that all scores would be alike."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if parameter.ndim > 1:
                # By name, because versions of transformers have them in different orders.
                made = torch.Generator().manual_seed(seed + zlib.crc32(name.encode()))
                parameter.copy_(0.4 * torch.randn(parameter.shape, generator=made))
            else:
                parameter.fill_("norm" in name.lower() and name.endswith("weight"))
    return module.eval()


def save_tokenizer(folder, tokenizer, kind, names, most=512):
    """Save a tokenizer as a published checkpoint has it."""
    folder.mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": kind, "model_max_length": most, **names}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def xlm_roberta(folder):
    """LLMLingua-2 in the manner of XLM-RoBERTa: a unigram model, where a space is the first letter of a word."""
    signs = [(one, -6.0) for one in string.ascii_letters + string.digits + string.punctuation + "▁éüßжщё日本語"]
    words = [("▁" + word, -3.0) for word in ("the", "server", "is", "down", "cache", "not", "word")]
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram([*special, *words, *signs], unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    names = dict(
        zip(("bos_token", "pad_token", "eos_token", "unk_token", "mask_token"), (one for one, _ in special), strict=True)
    )
    save_tokenizer(folder, tokenizer, "XLMRobertaTokenizer", {**names, "cls_token": "<s>", "sep_token": "</s>"})
    config = XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=514,
        type_vocab_size=1,
    )
    spread(XLMRobertaForTokenClassification(config), 1).save_pretrained(folder)
    return folder


def multilingual_bert(folder):
    """LLMLingua-2 in the manner of multilingual BERT: pieces inside of words begin with `##`."""
    signs = string.ascii_letters + string.digits + string.punctuation + "éüßжщё日本語"
    words = ["the", "server", "is", "down", "cache", "not", "word"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *signs, *("##" + one for one in signs)]
    tokenizer = Tokenizer(models.WordPiece({one: number for number, one in enumerate(vocabulary)}, unk_token="[UNK]"))  # noqa: S106  # no password
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    names = {f"{one.lower()}_token": f"[{one}]" for one in ("PAD", "UNK", "CLS", "SEP", "MASK")}
    save_tokenizer(folder, tokenizer, "BertTokenizer", {**names, "do_lower_case": False})
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24
    )
    spread(BertForTokenClassification(config), 2).save_pretrained(folder)
    return folder


def modern_bert(folder):
    """Return settings and tokenizer of a small ModernBERT, saved in a folder without weights."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        CORPUS, trainers.BpeTrainer(vocab_size=320, special_tokens=special, initial_alphabet=alphabet)
    )
    names = {f"{one.strip('[]').lower()}_token": one for one in special}
    save_tokenizer(folder, tokenizer, "PreTrainedTokenizerFast", names, most=8192)
    config = ModernBertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=3,
        num_attention_heads=2,
        local_attention=16,
        global_attn_every_n_layers=2,
        max_position_embeddings=8192,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        cls_token_id=2,
        sep_token_id=3,
    )
    config.save_pretrained(folder)
    return config


def kompress_parts(config):
    """Return the three parts of a small Kompress."""
    span = torch.nn.Sequential(
        torch.nn.Conv1d(config.hidden_size, 256, 5, padding=2),
        torch.nn.GELU(),
        torch.nn.Conv1d(256, 1, 3, padding=1),
        torch.nn.Sigmoid(),
    )
    return {
        "encoder": spread(ModernBertModel(config), 3),
        "token_head": spread(torch.nn.Linear(config.hidden_size, 2), 4),
        "span_conv": spread(span, 5),
    }


def plain_tensors(parts):
    """Return the tensors of the parts under the names that they have in `model.safetensors`."""
    return {
        f"{part}.{name}": value.contiguous() for part, module in parts.items() for name, value in module.state_dict().items()
    }


def adapted(tensors, alpha, rank=2):
    """Return the tensors of an encoder in training, with adapters, which give the same encoder once they are folded in."""
    made = torch.Generator().manual_seed(6)
    found = {}
    for name, value in tensors.items():
        place = name.replace("encoder.", "encoder.base_model.model.", 1) if name.startswith("encoder.") else name
        if name.endswith(("Wqkv.weight", "Wo.weight", "Wi.weight")):
            down = torch.randn(rank, value.shape[1], generator=made)
            up = torch.randn(value.shape[0], rank, generator=made)
            before = place.removesuffix("weight")
            found[f"{before}lora_A.default.weight"] = down
            found[f"{before}lora_B.default.weight"] = up
            found[f"{before}base_layer.weight"] = value - alpha / rank * (up @ down)
        else:
            found[place] = value
    return found


@pytest.fixture(scope="session")
def xlm_folder(tmp_path_factory):
    """Return the folder of a small LLMLingua-2 in the manner of XLM-RoBERTa."""
    return xlm_roberta(tmp_path_factory.mktemp("xlm"))


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory):
    """Return the folder of a small LLMLingua-2 in the manner of multilingual BERT."""
    return multilingual_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory):
    """Return the folder with settings and tokenizer of a small ModernBERT."""
    folder = tmp_path_factory.mktemp("base")
    modern_bert(folder)
    return folder


@pytest.fixture(scope="session")
def kompress_folder(tmp_path_factory):
    """Return the folder of a small Kompress that has all that it needs."""
    folder = tmp_path_factory.mktemp("kompress")
    save_file(plain_tensors(kompress_parts(modern_bert(folder))), folder / "model.safetensors")
    return folder


@pytest.fixture
def kinds():
    """Return what builds checkpoints of Kompress in other forms."""

    class Kinds:
        config = staticmethod(modern_bert)
        parts = staticmethod(kompress_parts)
        plain = staticmethod(plain_tensors)
        adapted = staticmethod(adapted)

    return Kinds


@pytest.fixture
def no_network(monkeypatch):
    """Fail whatever opens a connection or asks for an address, and return the list of those who tried."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        msg = "no network"
        raise OSError(msg)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return tried
