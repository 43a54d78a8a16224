"""`compressed_handoffs` passes the kit of adapters."""

from crewai.tools import tool

from headroom_core import SharedContext
from headroom_core.testing import AdapterConformance, Delivery
from headroom_crewai import HeadroomReadTool, compressed_handoffs
from headroom_crewai.handoffs import Run, run, scope_of
from tests.adapters.crewai.scripted import Scripted, answer, two, use


class TestCompressedHandoffs(AdapterConformance):
    """A crew of two agents, the second of which has the reading tool."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run the crew."""
        writer = Scripted(answer("a report"))
        crew = two(content, writer, tools=[HeadroomReadTool()])
        ctx = SharedContext(model="gpt-4o", counter=counter)
        if adapted:
            with compressed_handoffs(ctx):
                result = crew.kickoff()
        else:
            result = crew.kickoff()

        def read(reference):
            token = run.set(Run(crew, scope_of(ctx, crew)))
            try:
                return HeadroomReadTool()._run(reference=reference)
            finally:
                run.reset(token)

        said = (result.raw, [one.raw for one in result.tasks_output], [one.agent for one in result.tasks_output])
        return Delivery(prompt=writer.seen[-1], result=said, read=read)

    def prompts(self, contents):
        """Run a crew whose second agent asks a tool again and again."""

        @tool("checks")
        def checks(number: int) -> str:
            """Return some checks."""
            return contents[number]

        writer = Scripted(*(use("checks", number=number) for number in range(len(contents))), answer("a report"))
        with compressed_handoffs(tool_results=True):
            two("few words", writer, tools=[checks]).kickoff()
        return writer.prompts
