"""What scanners ask for and the stack does not do. docs/security.md gives each its reason."""

ALWAYS = "always"
NO_KEY = "`kmsKey` is empty"
SHORT_LOGS = "`logRetentionDays` is under 365"
NO_BACKUP = "`countsBackup` is false"
NOT_RESERVED = "`reservedConcurrency` is 0"

# Checkov's id of each check that may fail, and when.
EXCEPTIONS = {
    "CKV_AWS_18": ALWAYS,
    "CKV_AWS_144": ALWAYS,
    "CKV2_AWS_62": ALWAYS,
    "CKV_AWS_145": ALWAYS,
    "CKV_AWS_116": ALWAYS,
    "CKV_AWS_117": ALWAYS,
    "CKV_AWS_272": ALWAYS,
    "CKV_AWS_309": ALWAYS,
    "CKV_AWS_370": ALWAYS,
    "CKV_AWS_98": ALWAYS,
    "CKV_AWS_21": ALWAYS,
    "CKV_DOCKER_7": ALWAYS,
    "CKV_AWS_26": NO_KEY,
    "CKV_AWS_119": NO_KEY,
    "CKV_AWS_136": NO_KEY,
    "CKV_AWS_158": NO_KEY,
    "CKV_AWS_173": NO_KEY,
    "CKV_AWS_338": SHORT_LOGS,
    "CKV_AWS_28": NO_BACKUP,
    "CKV_AWS_115": NOT_RESERVED,
}
