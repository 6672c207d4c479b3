@NullMarked
package io.ocicat.controller.leases;

import org.jspecify.annotations.NullMarked;
