package io.ocicat.model.crd;

/**
 * A rule that an API server of 1.31 or later holds an object's {@code spec} to.
 *
 * @param expression in the Common Expression Language with Kubernetes' libraries; {@code self} is
 *     the spec, {@code oldSelf} the stored one
 * @param field the field of the spec that breaks the rule, for the path of the error
 * @param message tells what has to hold
 */
record CelRule(String expression, String field, String message) {}
