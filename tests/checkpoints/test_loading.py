"""Which files are read, from where, and what is said when that does not work."""

import json
import pickle
import shutil
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load, save_file
from transformers import BertConfig, BertForTokenClassification, BertModel

from headroom_core.compressors.prose.checkpoints import Kompress, LLMLingua2
from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError, ModelFileError

TEXT = [["the", "server", "is", "not", "down", "."]]
KINDS = pytest.mark.parametrize(("kind", "fixture"), [(LLMLingua2, "xlm_folder"), (Kompress, "kompress_folder")])


@pytest.fixture
def copied(tmp_path):
    """Return what copies a folder, so that a test may spoil it."""
    return lambda folder: shutil.copytree(folder, tmp_path / "copy")


def tensors_of(folder):
    """Return the tensors of a checkpoint, as they are now: others stay tied to the file, and a test writes over it."""
    return load((folder / "model.safetensors").read_bytes())


@KINDS
def test_a_folder_touches_no_network(kind, fixture, request, no_network):
    """Neither when it is named nor when its first text is scored."""
    scorer = kind(request.getfixturevalue(fixture))

    assert len(scorer.scores(TEXT)[0]) == 6
    assert no_network == []


@KINDS
def test_a_path_may_be_a_str(kind, fixture, request):
    """Both name the same folder."""
    folder = request.getfixturevalue(fixture)

    assert kind(str(folder)).scores(TEXT) == kind(folder).scores(TEXT)


@pytest.mark.parametrize(
    ("kind", "fixture", "name"),
    [
        (LLMLingua2, "xlm_folder", "config.json"),
        (LLMLingua2, "xlm_folder", "model.safetensors"),
        (LLMLingua2, "bert_folder", "tokenizer.json"),
        (Kompress, "kompress_folder", "model.safetensors"),
    ],
)
def test_a_missing_file_is_named_at_once(kind, fixture, name, request, copied):
    """Before a text is scored, and with what belongs in the folder."""
    folder = copied(request.getfixturevalue(fixture))
    (folder / name).unlink()

    with pytest.raises(ModelFileError, match=f"has no {name}; put .*{name}.* of https://huggingface.co/") as caught:
        kind(folder)

    assert caught.value.missing == (name,)
    assert caught.value.place == str(folder)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301


@pytest.mark.parametrize("place", ["no/such/folder", "./missing", "missing"])
def test_a_folder_that_is_not_there_is_named(place, no_network, tmp_path, monkeypatch):
    """What cannot be the id of a repository is never looked for in the hub."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelFileError, match="is no folder"):
        LLMLingua2(place)

    assert no_network == []


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: LLMLingua2("owner/name"), ["owner/name", "config.json", "model.safetensors", "tokenizer.json"]),
        (lambda: Kompress("owner/name"), ["owner/name", "config.json", "model.safetensors", "tokenizer.json"]),
        (lambda: Kompress("owner/name", allow_pickle=True), ["owner/name", "merged.pt"]),
    ],
)
@pytest.mark.parametrize("offline", [True, False])
def test_a_repository_out_of_reach_says_what_to_put_where(make, named, offline, no_network, monkeypatch, tmp_path):
    """Nothing is asked of the network before the first text, and nothing at all where the hub's library is set offline."""
    hub = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", offline)
    scorer = make()

    assert no_network == []
    with pytest.raises(ModelFileError, match="cannot be fetched; put .* into a folder, and name the folder") as caught:
        scorer.scores(TEXT)

    assert [name for name in named if name not in str(caught.value)] == []
    assert not (offline and no_network)


def test_what_is_in_the_cache_of_the_hub_is_used(kompress_folder, no_network, monkeypatch, tmp_path):
    """As the hub's library leaves it there."""
    hub = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    commit = "0" * 40
    shutil.copytree(kompress_folder, tmp_path / "models--owner--name" / "snapshots" / commit)

    assert Kompress("owner/name", revision=commit).scores(TEXT) == Kompress(kompress_folder).scores(TEXT)
    assert no_network == []


def test_kompress_takes_what_it_lacks_from_the_base(kompress_folder, base_folder, copied):
    """The published checkpoint has settings that say little of the encoder, and may have no tokenizer."""
    folder = copied(kompress_folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "kompress_v2"}))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()

    assert Kompress(folder, base=base_folder).scores(TEXT) == Kompress(kompress_folder).scores(TEXT)


def test_a_folder_without_a_base_touches_no_network(kompress_folder, copied, no_network, monkeypatch, tmp_path):
    """The base is looked for in the hub's cache alone: the caller has named no repository."""
    monkeypatch.setattr(pytest.importorskip("huggingface_hub.constants"), "HF_HUB_CACHE", str(tmp_path / "empty"))
    folder = copied(kompress_folder)
    (folder / "config.json").unlink()

    with pytest.raises(ModelFileError, match="'answerdotai/ModernBERT-base' is not on this machine; put .*config.json"):
        Kompress(folder).scores(TEXT)

    assert no_network == []


def test_a_base_must_have_its_files(kompress_folder, tmp_path):
    """Said when it is named."""
    with pytest.raises(ModelFileError, match=r"has no config.json and no tokenizer.json") as caught:
        Kompress(kompress_folder, base=tmp_path)

    assert caught.value.missing == ("config.json", "tokenizer.json")


@pytest.mark.parametrize("where", ["config.json", "adapter_config.json"])
def test_adapters_are_folded_in(kompress_folder, kinds, copied, where):
    """`model.safetensors` of the second version has them beside the encoder; the scores are those of the folded one."""
    folder = copied(kompress_folder)
    tensors = tensors_of(folder)
    save_file(kinds.adapted(tensors, alpha=3), folder / "model.safetensors")
    settings = json.loads((folder / where).read_text()) if (folder / where).exists() else {}
    (folder / where).write_text(json.dumps({**settings, "lora": {"lora_alpha": 3}}))

    assert Kompress(folder).scores(TEXT)[0] == pytest.approx(Kompress(kompress_folder).scores(TEXT)[0], abs=1e-4)


def test_adapters_without_their_scale_are_refused(kompress_folder, kinds, copied):
    """A guess would give scores that look right."""
    folder = copied(kompress_folder)
    save_file(kinds.adapted(tensors_of(folder), alpha=3), folder / "model.safetensors")

    with pytest.raises(ModelFileError, match=r"lora_alpha; write it into config.json, or pass allow_pickle=True"):
        Kompress(folder).scores(TEXT)


def test_a_pickle_is_read_where_it_is_asked_for(kompress_folder, kinds, tmp_path):
    """`merged.pt` has the parts one by one."""
    parts = kinds.parts(kinds.config(tmp_path))
    saved = {f"{name}_state_dict": part.state_dict() for name, part in parts.items()}
    torch.save({**saved, "config": {"hidden": 16}, "checkpoint_kind": "merged"}, tmp_path / "merged.pt")

    with pytest.raises(ModelFileError, match=r"has no model.safetensors"):
        Kompress(tmp_path)
    assert Kompress(tmp_path, allow_pickle=True).scores(TEXT) == Kompress(kompress_folder).scores(TEXT)


def test_a_pickle_of_llmlingua2_is_read_where_it_is_asked_for(bert_folder, copied, no_network):
    """`pytorch_model.bin`, which older tools save."""
    folder = copied(bert_folder)
    torch.save(tensors_of(folder), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()

    with pytest.raises(ModelFileError, match=r"has no model.safetensors"):
        LLMLingua2(folder)
    assert LLMLingua2(folder, allow_pickle=True).scores(TEXT) == LLMLingua2(bert_folder).scores(TEXT)
    assert no_network == []


class Harmful:
    """Runs a command when it is read from a pickle."""

    def __reduce__(self):
        return exit, (3,)


def test_a_pickle_runs_no_code(kompress_folder, copied):
    """Also where it is asked for, it may hold tensors alone."""
    folder = copied(kompress_folder)
    torch.save({"encoder_state_dict": Harmful()}, folder / "merged.pt")

    with pytest.raises(ModelFileError, match="cannot be read"):
        Kompress(folder, allow_pickle=True).scores(TEXT)


def test_a_model_without_a_head_is_refused(bert_folder, copied):
    """The library would make up the head, and with it the scores."""
    folder = copied(bert_folder)
    config = BertConfig.from_pretrained(folder)
    BertModel(config).save_pretrained(folder)

    with pytest.raises(ModelFileError, match="is no classifier of tokens, or lacks tensors: classifier.bias"):
        LLMLingua2(folder).scores(TEXT)


def test_a_model_with_other_classes_is_refused(bert_folder, copied):
    """Which of three would keep a word cannot be told."""
    folder = copied(bert_folder)
    BertForTokenClassification(BertConfig.from_pretrained(folder, num_labels=3)).save_pretrained(folder)

    with pytest.raises(ModelFileError, match="is no classifier of tokens with two classes"):
        LLMLingua2(folder).scores(TEXT)


@pytest.mark.parametrize(
    "name", ["token_head.bias", "span_conv.0.weight", "encoder.final_norm.weight", "encoder.layers.1.mlp.Wi.weight"]
)
@pytest.mark.parametrize("change", ["missing", "renamed", "another shape"])
def test_weights_that_do_not_fit_are_refused(kompress_folder, copied, name, change):
    """None is made up, and none is passed over."""
    folder = copied(kompress_folder)
    tensors = tensors_of(folder)
    tensor = tensors.pop(name)
    if change == "renamed":
        tensors[f"{name}s"] = tensor
    elif change == "another shape":
        tensors[name] = tensor[:1].clone()
    save_file(tensors, folder / "model.safetensors")

    with pytest.raises(ModelFileError, match=name.removeprefix("encoder.")):
        Kompress(folder).scores(TEXT)


@KINDS
def test_weights_that_are_damaged_are_refused(kind, fixture, request, copied):
    """A download that was cut off, or numbers that are none."""
    folder = copied(request.getfixturevalue(fixture))
    file = folder / "model.safetensors"
    tensors = tensors_of(folder)
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ModelFileError, match="cannot be read"):
        kind(folder).scores(TEXT)

    save_file({name: value * float("nan") for name, value in tensors.items()}, file, metadata={"format": "pt"})
    with pytest.raises(ModelFileError, match="no numbers"):
        kind(folder).scores(TEXT)


def test_a_failed_load_is_tried_again(kompress_folder, copied):
    """Once the file is there as it should be, the same scorer works."""
    folder = copied(kompress_folder)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(b"")
    scorer = Kompress(folder)
    with pytest.raises(ModelFileError):
        scorer.scores(TEXT)
    (folder / "model.safetensors").write_bytes(whole)

    assert len(scorer.scores(TEXT)[0]) == 6


@KINDS
def test_the_device_is_chosen_by_the_argument(kind, fixture, request):
    """On the CPU in single precision; None takes a card where there is one."""
    folder = request.getfixturevalue(fixture)
    on_cpu, free = kind(folder, device="cpu"), kind(folder)
    on_cpu.scores(TEXT)
    free.scores(TEXT)
    first = next(on_cpu._loaded.model.parameters())

    assert (first.device.type, first.dtype) == ("cpu", torch.float32)
    assert next(free._loaded.model.parameters()).device.type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert not on_cpu._loaded.model.training


@pytest.mark.parametrize("device", ["cuda:99", "abacus"])
def test_a_device_that_is_not_there_is_refused(xlm_folder, device):
    """Not silently replaced by another one."""
    with pytest.raises(InvalidOptionError, match=f"device must be None, or a device that torch has here.*{device}"):
        LLMLingua2(xlm_folder, device=device).scores(TEXT)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"batch_size": 0}, InvalidOptionError),
        ({"batch_size": "8"}, InvalidOptionTypeError),
        ({"device": ""}, InvalidOptionError),
        ({"revision": "main"}, InvalidOptionError),
        ({"allow_pickle": 1}, InvalidOptionTypeError),
    ],
)
def test_options_that_mean_nothing_are_refused(xlm_folder, options, error):
    """At the call, and by name."""
    with pytest.raises(error, match=next(iter(options))):
        LLMLingua2(xlm_folder, **options)


@pytest.mark.parametrize("place", ["", 3, b"folder", None])
def test_places_that_mean_nothing_are_refused(place):
    """A checkpoint is a folder or the id of a repository."""
    with pytest.raises(InvalidOptionError, match="checkpoint must be a folder or the id of a repository"):
        LLMLingua2(place)


@pytest.mark.parametrize("texts", ["the server", ["the server", "is down"]])
def test_a_text_that_is_not_split_is_refused(xlm_folder, texts):
    """Else each letter would count as a word."""
    with pytest.raises(InvalidOptionTypeError, match="texts must be a sequence of texts"):
        LLMLingua2(xlm_folder).scores(texts)


def test_nothing_heavy_is_imported_before_a_text_is_scored(xlm_folder, kompress_folder):
    """Neither by the import of the classes nor by naming a checkpoint. The bar of progress stays away, too."""
    program = (
        "import sys\n"
        "import headroom_core\n"
        "from headroom_core.compressors.prose.checkpoints import Kompress, LLMLingua2\n"
        f"scorers = LLMLingua2({str(xlm_folder)!r}), Kompress({str(kompress_folder)!r})\n"
        "assert not {'torch', 'transformers', 'safetensors', 'huggingface_hub', 'numpy'} & set(sys.modules)\n"
        "for scorer in scorers:\n"
        "    scorer.scores([['the', 'server']])\n"
        "assert 'torch' in sys.modules\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False, timeout=120)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
