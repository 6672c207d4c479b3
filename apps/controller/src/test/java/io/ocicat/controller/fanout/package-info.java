@NullMarked
package io.ocicat.controller.fanout;

import org.jspecify.annotations.NullMarked;
