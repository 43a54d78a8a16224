"""A model of CrewAI that says what a test wrote, and keeps what it was given; and crews of two agents."""

import json

from crewai import Agent, Crew, Task
from crewai.llms.base_llm import BaseLLM

from headroom_core.tokens.counters import VocabularyCounter

COUNTER = VocabularyCounter("o200k_base")


class Scripted(BaseLLM):
    """Says its lines one after the other, the last one again and again."""

    script: list = []  # noqa: RUF012  # a field of the model
    seen: list = []  # noqa: RUF012  # a field of the model
    prompts: list = []  # noqa: RUF012  # a field of the model

    def __init__(self, *script):
        super().__init__(model="scripted", script=list(script), seen=[], prompts=[])

    def call(self, messages, tools=None, *args, **kwargs):
        """Say the next line."""
        said = [messages] if isinstance(messages, str) else [str(one.get("content")) for one in messages]
        self.prompts.append(said)
        self.seen.append("\n".join(said))
        line = self.script[min(len(self.seen), len(self.script)) - 1]
        return line(self.seen[-1]) if callable(line) else line

    async def acall(self, messages, tools=None, *args, **kwargs):
        """Say the next line."""
        return self.call(messages, tools)

    def get_context_window_size(self):
        """Return more than any prompt has, so that CrewAI sums nothing up."""
        return 10_000_000

    def supports_function_calling(self):
        """Tools are asked for in words."""
        return False


def answer(text):
    """Return a line by which an agent ends its task."""
    return f"Thought: I now can give a great answer\nFinal Answer: {text}"


def use(tool, **arguments):
    """Return a line by which an agent uses a tool."""
    return f"Thought: I need it\nAction: {tool}\nAction Input: {json.dumps(arguments)}"


def agent(role, model, **options):
    """Return an agent."""
    return Agent(role=role, goal="Do it well.", backstory="Long in the trade.", llm=model, **options)


def two(content, writer, *, tools=(), research=None, write=None, **crew):
    """Return a crew of a researcher that says `content`, and of a writer."""
    researcher = agent("researcher", Scripted(answer(content)))
    author = agent("writer", writer, tools=list(tools))
    first = Task(name="research", description="Look.", expected_output="All of it.", agent=researcher, **(research or {}))
    second = Task(name="report", description="Write.", expected_output="A report.", agent=author, **(write or {}))
    return Crew(agents=[researcher, author], tasks=[first, second], verbose=False, **crew)
