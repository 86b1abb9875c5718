"""The cloud as a table of contents: store, image, an endpoint a pair, API, monitoring, exports."""

from pathlib import Path

import pulumi

from infra.api_keys import ApiKeys
from infra.batch import BatchTransform, describe_batch
from infra.counts import CountsTable
from infra.dashboard import Watched
from infra.document_worker import DocumentWorker
from infra.documents import make_documents
from infra.domain import ApiDomain
from infra.endpoint import TranslationEndpoint
from infra.errors import saying_why
from infra.function import GatewayFunction
from infra.function_code import build_function_code
from infra.function_settings import function_environment
from infra.glossaries import Glossaries
from infra.http_api import HttpApi
from infra.image import find_image
from infra.lambda_function import Gateway
from infra.monitoring import Monitoring
from infra.place import find_place, make_provider
from infra.stack import read_stack
from infra.store import ModelStore
from infra.uses import Uses

root = Path(__file__).parent.resolve()
with saying_why():
    settings = read_stack(root)
    code = build_function_code(root)
name = settings.name

provider = make_provider(name, settings.region, settings.tags)
opts = pulumi.ResourceOptions(provider=provider)
place = find_place(settings.region, provider)

store = ModelStore(name, settings=settings, place=place, opts=opts)
image = find_image(name, settings=settings, place=place, root=root, provider=provider, opts=opts)

endpoints, jobs = {}, {}
for model in settings.models:
    stored = store.add(model)
    endpoints[model.pair] = TranslationEndpoint(
        f"{name}-{model.label}",
        settings=settings,
        place=place,
        model=model,
        stored=stored,
        image=image,
        opts=opts,
    )
    if settings.batch:
        jobs[model.pair] = BatchTransform(
            f"{name}-{model.label}-batch",
            settings=settings,
            place=place,
            model=model,
            stored=stored,
            image=image,
            bucket_arn=store.bucket.arn,
            opts=opts,
        )

store.sort_out(endpoint.endpoint_name for endpoint in endpoints.values())
keys = ApiKeys(name, settings=settings, opts=opts)
counts = CountsTable(name, settings=settings, opts=opts).table if keys.hashes else None
documents = make_documents(name, settings=settings, logs=store.logs, opts=opts)
names = {pair: endpoint.endpoint_name for pair, endpoint in endpoints.items()}
uses = Uses(endpoints.values(), counts, Glossaries(store.bucket), documents)
environment = function_environment(settings, names, keys.hashes, uses)
gateway = Gateway(settings, place, code, environment, uses)
function = GatewayFunction(name, gateway=gateway, opts=opts).function
if documents:
    DocumentWorker(name, gateway=gateway, documents=documents, opts=opts)
api = HttpApi(name, settings=settings, function=function, opts=opts)
domain = ApiDomain(name, settings=settings, api=api, opts=opts) if settings.domain_name else None

watched = Watched(settings, api.api.id, function.name, names, documents)
monitoring = Monitoring(
    name, settings=settings, place=place, watched=watched, access_log=api.log_group, opts=opts
)

pulumi.export("url", domain.url if domain else api.url)
pulumi.export("apiKeys", keys.keys)
pulumi.export("endpoints", names)
pulumi.export("image", image.uri)
pulumi.export("bucket", store.bucket.name)
pulumi.export("dashboard", monitoring.dashboard)
pulumi.export("alarms", monitoring.alarms)
pulumi.export("alarmTopic", monitoring.topic)
if counts:
    pulumi.export("counts", counts.name)
if domain:
    pulumi.export("domainTarget", domain.target)
if settings.batch:
    pulumi.export("batch", describe_batch(settings, store.bucket.name, jobs))
