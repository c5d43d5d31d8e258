"""What AWS charges in us-east-1 (N. Virginia), in dollars, without free tiers. All read 2026-11-23.

Where AWS's own page fills its tables in by script, and so said nothing, the source is another's page that quotes it.
"""

GB_SECOND = 0.0000166667
"""Lambda, x86, first tier. $0.00001667 by
https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html,
https://cloudchipr.com/blog/aws-lambda-pricing (all its digits, us-east-1)."""

INVOCATION = 0.20 / 1e6
"""https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html"""

TRANSITION = 0.025 / 1e3
"""Step Functions, standard workflows; a retry is one more. https://aws.amazon.com/step-functions/pricing/"""

S3_WRITE = 0.005 / 1e3
"""PUT, COPY, POST and LIST, S3 Standard. https://c3x.dev/blog/s3-request-fees-explained"""

S3_READ = 0.0004 / 1e3
"""GET, HEAD. The same page."""

WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
"""DynamoDB on demand, since November 2024. https://airbyte.com/data-engineering-resources/dynamodb-pricing"""

LOG_GIGABYTE = 0.50
"""CloudWatch Logs of Lambda, taken in, first tier, us-east-1. https://www.duckbillgroup.com/?p=9080"""

MAIL = 0.10 / 1e3
"""SES, a mail sent. https://www.acecloudinterviews.com/tutorials/aws/ses/"""
