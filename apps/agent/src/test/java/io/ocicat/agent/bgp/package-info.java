/** Tests of the node's BGP speaker. */
@org.jspecify.annotations.NullMarked
package io.ocicat.agent.bgp;
