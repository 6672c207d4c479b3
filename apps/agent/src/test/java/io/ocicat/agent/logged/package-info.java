/** Tests of what becomes of packets that rules report. */
@org.jspecify.annotations.NullMarked
package io.ocicat.agent.logged;
