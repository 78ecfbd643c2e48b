"""One customer, found by its name, and one tenant."""

import pulumi
import pulumi_voice_licenses as voice

config = pulumi.Config()

contoso = voice.CustomerServiceLicense(
    "contoso",
    customer_guid=voice.get_customer_output(short_name="contoso").customer_guid,
    license_type=voice.LicenseType.OC_PRO,
    licensed_users_count=50,
    application_client_id="0fdc8122-e0b5-43ac-8433-54860113710d",
    application_client_secret=config.require_secret("contosoAppSecret"),
)

foo = voice.TenantServiceLicenses(
    "foo",
    tenant_id="foo",
    group_services={"Hunt Group": "unlimited", "Call Pickup": 5},
    user_services={"Call Forwarding Busy": 7, "Anonymous Call Rejection": 0},
)

pulumi.export("customer", contoso.customer_full_name)
pulumi.export("foundFirst", foo.original)
