"""The published and the made-up vectors come out byte for byte."""

import json

from simulator import signing


def test_facebook_signatures_are_those_of_the_vectors(vectors):
    vector = vectors["facebook_x_hub_signature_256"]

    for case in vector["cases"]:
        signed = signing.facebook_signature(vector["app_secret"], case["body_utf8"].encode())
        assert signed == case["sha256_header"], case["name"]


def test_facebook_bodies_are_written_as_meta_writes_them(vectors):
    cases = {one["name"]: one for one in vectors["facebook_x_hub_signature_256"]["cases"]}

    for name in ("ascii", "vi_escaped_as_sent"):
        body = cases[name]["body_utf8"]
        assert signing.facebook_body(json.loads(body)) == body.encode(), name


def test_appsecret_proofs_are_those_of_the_vectors(vectors):
    facebook, zalo = vectors["facebook_appsecret_proof"], vectors["zalo_appsecret_proof"]

    proof = signing.appsecret_proof(facebook["app_secret"], facebook["access_token"])
    zalo_proof = signing.appsecret_proof(zalo["secret_key"], zalo["access_token"])

    assert proof == facebook["appsecret_proof"]
    assert zalo_proof == zalo["appsecret_proof"]


def test_zalo_macs_are_those_of_the_vectors_and_no_hmac(vectors):
    vector = vectors["zalo_oa_webhook_mac"]

    for case in vector["cases"]:
        signed = signing.zalo_signature(
            app_id=vector["app_id"],
            body=case["raw_body_utf8"].encode(),
            timestamp=case["timestamp"],
            oa_secret=vector["oa_secret_key"],
        )
        assert (signed == case["header"]) == (case.get("expect") != "reject"), case["name"]
        assert signed != f"mac={case.get('NEGATIVE_hmac_variant')}"


def test_zalo_bodies_stay_utf8(vectors):
    for case in vectors["zalo_oa_webhook_mac"]["cases"]:
        body = case["raw_body_utf8"]
        assert signing.zalo_body(json.loads(body)) == body.encode()


def test_pkce_challenges_are_those_of_the_vectors(vectors):
    for case in vectors["pkce_s256"]["cases"]:
        assert signing.pkce_challenge(case["code_verifier"]) == case["code_challenge"]
