"""What moto 5.2.5 lacks beyond moto_gaps.py for whoever reads back all that the stack made, as
Terraform's provider does in every refresh. Each is a double of ours, after AWS's documentation."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.apigatewayv2 import urls as apigatewayv2_urls
from moto.apigatewayv2.models import ApiGatewayV2Backend, DomainName
from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.awslambda.models import LambdaFunction
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import JsonRESTError
from moto.logs.responses import LogsResponse
from moto.sagemaker.responses import SageMakerResponse

MADE_DOMAIN = {
    "domainNameStatus": "AVAILABLE",
    "apiGatewayDomainName": "d-0a1b2c3.execute-api.eu-west-1.amazonaws.com",
    "hostedZoneId": "ZLY8HYME6SFDD",
    "ipAddressType": "ipv4",
}


def fill_reading_gaps(patch: pytest.MonkeyPatch) -> None:
    _keep_tags(patch)
    _let_go_of_scaled_resources(patch)
    _answer_subscribers_of_budgets(patch)
    _update_budgets(patch)
    _leave_out_empty_objects(patch)
    _keep_network_isolation(patch)
    _keep_log_settings_of_functions(patch)
    _complete_domain_names(patch)
    _tag_all_of_an_api(patch)
    _take_keys_of_log_groups(patch)


def _keep_tags(patch: pytest.MonkeyPatch) -> None:
    """Budgets and scalable targets: moto keeps no tags."""
    tags: dict[str, dict[str, str]] = {}
    scaling = ApplicationAutoScalingResponse
    register, create = scaling.register_scalable_target, BudgetsResponse.create_budget

    def register_scalable_target(self: Any) -> str:
        answer = register(self)
        arn = json.loads(answer)["ScalableTargetARN"]
        tags.setdefault(arn, {}).update(self._get_param("Tags") or {})
        return answer

    def create_budget(self: Any) -> str:
        name = self._get_param("Budget")["BudgetName"]
        arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
        tags[arn] = _from_pairs(self._get_param("ResourceTags"))
        return create(self)

    def list_tags(self: Any) -> str:
        found = tags.get(self._get_param("ResourceARN"), {})
        pairs = [{"Key": key, "Value": value} for key, value in found.items()]
        return json.dumps({"Tags": found, "ResourceTags": pairs})

    def tag(self: Any) -> str:
        new = self._get_param("Tags") or _from_pairs(self._get_param("ResourceTags"))
        tags.setdefault(self._get_param("ResourceARN"), {}).update(new)
        return "{}"

    def untag(self: Any) -> str:
        for key in self._get_param("TagKeys") or self._get_param("ResourceTagKeys"):
            tags[self._get_param("ResourceARN")].pop(key, None)
        return "{}"

    patch.setattr(scaling, "register_scalable_target", register_scalable_target)
    patch.setattr(BudgetsResponse, "create_budget", create_budget)
    for service in (scaling, BudgetsResponse):
        patch.setattr(service, "list_tags_for_resource", list_tags, raising=False)
        patch.setattr(service, "tag_resource", tag, raising=False)
        patch.setattr(service, "untag_resource", untag, raising=False)


def _let_go_of_scaled_resources(patch: pytest.MonkeyPatch) -> None:
    """Application Auto Scaling: a target takes its policies along; what is gone is "not found",
    as botocore's model says, where moto finds the request invalid."""
    backend = ApplicationAutoscalingBackend

    def not_found(delete: Callable[..., None]) -> Callable[..., None]:
        def call(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                delete(self, *args, **kwargs)
            except AWSValidationException as error:
                raise JsonRESTError("ObjectNotFoundException", error.message) from None

        return call

    deregister = not_found(backend.deregister_scalable_target)

    def deregister_all(self: Any, namespace: str, r_id: str, dimension: str) -> None:
        deregister(self, namespace, r_id, dimension)
        left = {k: p for k, p in self.policies.items() if p.resource_id != r_id}
        self.policies = left

    patch.setattr(backend, "deregister_scalable_target", deregister_all)
    patch.setattr(backend, "delete_scaling_policy", not_found(backend.delete_scaling_policy))


def _from_pairs(pairs: list[dict[str, str]] | None) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs or []}


def _answer_subscribers_of_budgets(patch: pytest.MonkeyPatch) -> None:
    def describe(self: Any) -> str:
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        wanted = self._get_param("Notification")
        keys = ("NotificationType", "ComparisonOperator", "Threshold")
        found = (
            notice.subscribers
            for notice in budget.notifications
            if all(notice.details.get(key) == wanted.get(key) for key in keys)
        )
        return json.dumps({"Subscribers": next(found, [])})

    name = "describe_subscribers_for_notification"
    patch.setattr(BudgetsResponse, name, describe, raising=False)


def _update_budgets(patch: pytest.MonkeyPatch) -> None:
    def update(self: Any) -> str:
        new = self._get_param("NewBudget")
        self.backend.budgets[self._get_param("AccountId")][new["BudgetName"]].budget.update(new)
        return "{}"

    patch.setattr(BudgetsResponse, "update_budget", update, raising=False)


def _leave_out_empty_objects(patch: pytest.MonkeyPatch) -> None:
    """SageMaker: moto answers empty objects, which a second plan takes for a change."""

    def without_empty(describe: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(self: Any) -> Any:
            answer = describe(self)
            answer._result = {key: value for key, value in answer._result.items() if value != {}}
            return answer

        return call

    for name in ("describe_model", "describe_endpoint_config"):
        patch.setattr(SageMakerResponse, name, without_empty(getattr(SageMakerResponse, name)))


def _keep_network_isolation(patch: pytest.MonkeyPatch) -> None:
    """SageMaker: moto forgets it of models."""
    create = SageMakerResponse.create_model

    def create_model(self: Any) -> Any:
        answer = create(self)
        model = self.sagemaker_backend._models[self._get_param("ModelName")]
        model.enable_network_isolation = bool(self._get_param("EnableNetworkIsolation"))
        return answer

    patch.setattr(SageMakerResponse, "create_model", create_model)


def _keep_log_settings_of_functions(patch: pytest.MonkeyPatch) -> None:
    """Lambda: moto forgets LoggingConfig."""
    init, configuration = LambdaFunction.__init__, LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def keep(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        init(self, account_id, spec, *args, **kwargs)
        own = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        self.logging_config = spec.get("LoggingConfig") or own

    def change(self: Any, updates: dict[str, Any]) -> Any:
        self.logging_config = updates.get("LoggingConfig", self.logging_config)
        return update(self, updates)

    def show(self: Any, *args: Any, **kwargs: Any) -> Any:
        shown = configuration(self, *args, **kwargs)
        return {**shown, "LoggingConfig": self.logging_config}

    patch.setattr(LambdaFunction, "__init__", keep)
    patch.setattr(LambdaFunction, "update_configuration", change)
    patch.setattr(LambdaFunction, "get_configuration", show)


def _complete_domain_names(patch: pytest.MonkeyPatch) -> None:
    """API Gateway: what AWS makes up for a domain name is missing in moto's answers."""
    to_json = DomainName.to_json

    def complete(self: Any) -> Any:
        answer = to_json(self)
        for configuration in answer["domainNameConfigurations"]:
            configuration.update({**MADE_DOMAIN, **configuration})
        return {key: value for key, value in answer.items() if value != {}}

    patch.setattr(DomainName, "to_json", complete)


def _tag_all_of_an_api(patch: pytest.MonkeyPatch) -> None:
    """API Gateway: moto's server cannot be asked to tag stages and domain names."""
    paths = apigatewayv2_urls.url_paths
    known = paths["{0}/v2/tags/(?P<resource_arn>[^/]+)$"]
    patch.setitem(paths, "{0}/v2/tags/(?P<resource_arn>.+)$", known)
    tag = ApiGatewayV2Backend.tag_resource

    def tag_any(self: Any, arn: str, tags: dict[str, str]) -> None:
        _, kind, name, *stage = arn.partition("::")[2].split("/")
        if kind == "domainnames":
            self.domain_names[name].tags.update(tags)
        elif stage[:1] == ["stages"]:
            self.apis[name].stages[stage[1]].tags.update(tags)
        else:
            tag(self, arn, tags)

    patch.setattr(ApiGatewayV2Backend, "tag_resource", tag_any)


def _take_keys_of_log_groups(patch: pytest.MonkeyPatch) -> None:
    def associate(self: Any) -> str:
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.kms_key_id = self._get_param("kmsKeyId")
        return "{}"

    for name in ("associate_kms_key", "disassociate_kms_key"):
        patch.setattr(LogsResponse, name, associate, raising=False)
