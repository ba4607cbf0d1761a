"""The tree is the one of RFC 6962, and its proofs lead to the root from every leaf and from nowhere else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.funds import rules

# the leaves and roots of the test tree that certificate logs share
LEAVES = [
    bytes.fromhex(t)
    for t in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_of_nothing_the_root_is_the_hash_of_nothing():
    assert rules.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_are_those_of_the_certificate_logs(size):
    assert rules.root([rules.leaf(body) for body in LEAVES[:size]]).hex() == ROOTS[size]


@given(size=st.integers(1, 70), data=st.data())
def test_every_leaf_has_a_proof_and_no_other_leaf_has_it(size, data):
    leaves = [rules.leaf(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof, found = rules.path(leaves, index), rules.root(leaves)

    def holds(**other):
        given = {"of_leaf": leaves[index], "index": index, "size": size, "proof": proof}
        return rules.under(**given | {"found": found} | other)

    assert holds()
    assert not holds(of_leaf=rules.leaf(b"another"))
    assert not holds(found=rules.leaf(b"another"))
    assert not holds(index=size)
    assert not holds(proof=[*proof, rules.ZERO])
    if size > 1:
        assert not holds(index=(index + 1) % size)
        assert not holds(proof=proof[:-1])


def test_a_leaf_that_is_not_there_has_no_proof():
    with pytest.raises(IndexError):
        rules.path([rules.leaf(b"a")], 1)


def test_a_subtree_grows_in_one_step():
    leaves = [rules.leaf(bytes([n])) for n in range(11)]
    stack = []
    rules.grow(stack, rules.root(leaves[:8]), height=3)
    for one in leaves[8:]:
        rules.grow(stack, one)

    assert rules.fold(stack) == rules.root(leaves)
