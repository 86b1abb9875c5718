"""A domain name of the team's own for the API."""

import pulumi
import pulumi_aws as aws

from infra.http_api import HttpApi
from infra.settings import Settings


class ApiDomain(pulumi.ComponentResource):
    """`url` is https://NAME; `target` is what a DNS record for NAME has to point to.

    With a hosted zone the record is made here, without one by the user.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        api: HttpApi,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:ApiDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        configuration = aws.apigatewayv2.DomainNameDomainNameConfigurationArgs(
            certificate_arn=settings.certificate_arn,
            endpoint_type="REGIONAL",
            security_policy="TLS_1_2",
        )
        domain = aws.apigatewayv2.DomainName(
            name,
            domain_name=settings.domain_name,
            domain_name_configuration=configuration,
            opts=child,
        )
        mapping = aws.apigatewayv2.ApiMapping(
            name,
            api_id=api.api.id,
            domain_name=domain.domain_name,
            stage=api.stage.name,
            opts=child,
        )
        found = domain.domain_name_configuration
        if settings.hosted_zone_id:
            alias = aws.route53.RecordAliasArgs(
                name=found.target_domain_name,
                zone_id=found.hosted_zone_id.apply(str),
                evaluate_target_health=False,
            )
            aws.route53.Record(
                name,
                zone_id=settings.hosted_zone_id,
                name=settings.domain_name,
                type="A",
                aliases=[alias],
                opts=child,
            )
        self.url = pulumi.Output.concat("https://", mapping.domain_name)
        self.target = found.target_domain_name
        self.register_outputs({"url": self.url})
