"""What a Temporal server says of itself: its version, its search attributes, who asks it for work."""

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, GetSystemInfoRequest

from service.engine import FACTORY, Engine
from workflows.messages import TASK_QUEUE

NEEDED = frozenset({FACTORY.name})


async def version(engine: Engine) -> str:
    """Give the server's version."""
    info = await engine.client.workflow_service.get_system_info(GetSystemInfoRequest())
    return info.server_version


async def missing_attributes(engine: Engine) -> frozenset[str]:
    """Give the search attributes that Mendwork needs and the server does not know."""
    asked = ListSearchAttributesRequest(namespace=engine.client.namespace)
    known = await engine.client.operator_service.list_search_attributes(asked)
    return NEEDED - known.custom_attributes.keys()


async def pollers(engine: Engine) -> int:
    """Give the number of workers that asked for work in the last minutes."""
    queue = DescribeTaskQueueRequest(
        namespace=engine.client.namespace,
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    described = await engine.client.workflow_service.describe_task_queue(queue)
    return len({poller.identity for poller in described.pollers})


async def running_findings(engine: Engine) -> int:
    """Give the number of findings whose workflow runs, as the server's index has it."""
    counted = await engine.client.count_workflows('WorkflowType = "finding" AND ExecutionStatus = "Running"')
    return counted.count
