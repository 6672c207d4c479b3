@NullMarked
package io.ocicat.agent.routing;

import org.jspecify.annotations.NullMarked;
