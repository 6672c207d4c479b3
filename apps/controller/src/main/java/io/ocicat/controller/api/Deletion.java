package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A deletion that went through.
 *
 * @param object the object's last state
 * @param gone false if finalizers, or a namespace's content, still hold it
 */
public record Deletion(ObjectNode object, boolean gone) {}
