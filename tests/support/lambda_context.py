"""Lambda's context, as far as handlers use it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LambdaContext:
    """What a handler is told of its invocation; with the time of the longest-lived function by default."""

    milliseconds_left: int = 900_000
    function_name: str = "function"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:000000000000:function:function"
    aws_request_id: str = "r-1"

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left
