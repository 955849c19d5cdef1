"""Checking of conditions: comparisons, `and` and `or`, `if`, `between` and `in`, which become plain comparisons."""

from __future__ import annotations

from typing import Literal

from cityrules.feel import ast
from cityrules.feel.calls import CallChecker
from cityrules.feel.evaluate import constant_value
from cityrules.feel.facts import unless_false, unless_true, when_false, when_true
from cityrules.feel.kinds import Refusal, join, term
from cityrules.feel.operators import comparison
from cityrules.feel.scope import Env
from cityrules.feel.tree import Compare, If, IsMissing, Literal_, Logic, Tree
from cityrules.feel.types import Flag, Member, Null, Text
from cityrules.feel.walk import constant, nodes
from cityrules.text.suggest import nearest

MOST_TYPED_NODES = 6_000  # one test of a name by `in` may take three nodes


class ConditionChecker(CallChecker):
    """The part of the checker that deals with conditions."""

    def flag(self, node: ast.Expr, env: Env) -> Tree | None:
        tree = self.visit(node, env)
        if tree is None or isinstance(tree.type, (Flag, Null)):
            return tree
        self.complaints.add("CR262", node.start, node.end, found_type=term(tree.type))
        return None

    def relation(self, node: ast.Relation, env: Env) -> Tree | None:
        if self.unknown_word(node.left):
            right = self.visit(node.right, env)
            left = self.word_or(node.left, right, env)
        else:
            left = self.visit(node.left, env)
            right = self.word_or(node.right, left, env)
        if left is None or right is None:
            return None
        return self.compare(node, node.op, left, right, env)

    def unknown_word(self, node: ast.Expr) -> bool:
        """Whether a part is a single name that means nothing here."""
        return isinstance(node, ast.Path) and len(node.names) == 1 and self.scope.resolve(node.names) is None

    def word_or(self, node: ast.Expr, other: Tree | None, env: Env) -> Tree | None:
        """The tree of a part that is compared with `other`. A word beside a text was meant to be one."""
        if isinstance(node, ast.Path) and self.unknown_word(node) and other is not None:
            word = node.names[0]
            labels = other.type.labels if isinstance(other.type, Text) else None
            meant = word if labels is None else nearest(word, labels)
            if meant is not None and isinstance(other.type, (Text, Member)):
                self.complaints.add("CR250", node.start, node.end, found=word, suggestion=f'"{meant}"')
                return None
        return self.visit(node, env)

    def compare(self, node: ast.Node, op: ast.Relator, left: Tree, right: Tree, env: Env) -> Tree | None:
        if isinstance(left.type, Null) or isinstance(right.type, Null):
            if op not in ("=", "!="):
                empty = right if isinstance(right.type, Null) else left
                self.complaints.add("CR257", empty.start, empty.end, operator=op)
                return None
            # Whether something is missing is never itself unknown.
            asked, empty = (right, left) if isinstance(left.type, Null) else (left, right)
            if isinstance(asked.type, Null) or isinstance(empty, Literal_):
                return IsMissing(Flag(), node.start, node.end, asked, op == "!=")
            self.complaints.add("CR274", empty.start, empty.end, operator=op)
            return None
        literals = (isinstance(left, Literal_), isinstance(right, Literal_))
        found = comparison(op, left.type, right.type, literals, (constant(left), constant(right)))
        if found is not None:
            self.refuse(found, node, left, right)
            return None
        if not self.labelled(left, right):
            return None
        null_safe = op in ("=", "!=") and not env.condition
        optional = (left.type.optional or right.type.optional) and not null_safe
        return Compare(Flag(optional), node.start, node.end, op, left, right, null_safe)

    def labelled(self, left: Tree, right: Tree) -> bool:
        """Whether two texts can be equal as far as their labels are known; else complain."""
        if not (isinstance(left.type, Text) and isinstance(right.type, Text)):
            return True
        one, two = left.type.labels, right.type.labels
        if one is None or two is None or (isinstance(left, Literal_) and isinstance(right, Literal_)):
            return True
        if isinstance(left, Literal_):
            left, right, one, two = right, left, two, one
        if set(one) & set(two):
            return True
        expected = " ".join(f'"{label}"' for label in one[:12]) + (" ..." if len(one) > 12 else "")
        if not isinstance(right, Literal_):
            self.complaints.add("CR259", right.start, right.end, expected=expected)
            return False
        meant = nearest(two[0], one)
        more = {"suggestion": f'"{meant}"'} if meant else {}
        self.complaints.add("CR258", right.start, right.end, found=two[0], expected=expected, **more)
        return False

    def junction(self, node: ast.Junction, env: Env) -> Tree | None:
        items: list[Tree] = []
        here = env
        learn = unless_false if node.op == "and" else unless_true
        for item in node.items:
            tree = self.flag(item, here)
            here = here.maybe()
            if tree is not None:
                items.append(tree)
                here = here.knowing(learn(tree))
        if len(items) < len(node.items):
            return None
        return self.logic(node, node.op, items)

    def logic(self, node: ast.Node, op: Literal["and", "or"], items: list[Tree]) -> Tree:
        if len(items) == 1:
            return items[0]
        return Logic(Flag(any(item.type.optional for item in items)), node.start, node.end, op, tuple(items))

    def choice(self, node: ast.Choice, env: Env) -> Tree | None:
        inner = Env(env.facts, condition=True, certain=env.certain)
        condition = self.flag(node.condition, inner)
        if condition is not None and condition.type.optional:
            self.complaints.add("CR263", node.condition.start, node.condition.end)
            condition = None
        branch = env.maybe()
        then = self.visit(node.then, branch.knowing(when_true(condition)) if condition else branch)
        otherwise = self.visit(node.otherwise, branch.knowing(when_false(condition)) if condition else branch)
        if condition is None or then is None or otherwise is None:
            return None
        type_ = join(then.type, otherwise.type, (constant(then), constant(otherwise)))
        if isinstance(type_, Refusal):
            self.refuse(type_, node, node.then, node.otherwise)
            return None
        return If(type_, node.start, node.end, condition, then, otherwise)

    def between(self, node: ast.Between, env: Env) -> Tree | None:
        value, low, high = (self.visit(part, env) for part in (node.value, node.low, node.high))
        if value is None or low is None or high is None:
            return None
        return self.inside(node, value, low, high, (True, True), env)

    def inside(
        self, node: ast.Node, value: Tree, low: Tree, high: Tree, closed: tuple[bool, bool], env: Env
    ) -> Tree | None:
        above = self.compare(node, ">=" if closed[0] else ">", value, low, env)
        below = self.compare(node, "<=" if closed[1] else "<", value, high, env)
        if above is None or below is None:
            return None
        ends = Compare(Flag(), low.start, high.end, "<=" if all(closed) else "<", low, high, False)
        if constant_value(ends) is False:
            self.complaints.add("CR273", low.start, high.end)
            return None
        return self.sized(self.logic(node, "and", [above, below]))

    def membership(self, node: ast.In, env: Env) -> Tree | None:
        value = self.visit(node.value, env)
        items = [self.test(test, value, env) for test in node.tests]
        good = [item for item in items if item is not None]
        if value is None or len(good) < len(items):
            return None
        return self.sized(self.logic(node, "or", good))

    def test(self, test: ast.Test, value: Tree | None, env: Env) -> Tree | None:
        if isinstance(test, ast.RangeTest):
            low, high = self.visit(test.low, env), self.visit(test.high, env)
            if value is None or low is None or high is None:
                return None
            return self.inside(test, value, low, high, (test.low_closed, test.high_closed), env)
        operand = self.visit(test.operand, env) if value is None else self.word_or(test.operand, value, env)
        if value is None or operand is None:
            return None
        for tree in (value, operand):
            if isinstance(tree.type, Null):
                self.complaints.add("CR274", tree.start, tree.end, operator="in")
                return None
        return self.compare(test, test.op if isinstance(test, ast.RelationTest) else "=", value, operand, env)

    def sized(self, tree: Tree) -> Tree | None:
        """The tree, unless repeating the value of an `in` or `between` has made it too large."""
        for count, _ in enumerate(nodes(tree), 1):
            if count > MOST_TYPED_NODES:
                self.complaints.add("CR223", tree.start, tree.end, limit=MOST_TYPED_NODES)
                return None
        return tree
