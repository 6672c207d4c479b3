/** Tests of what follows from reports and documents. */
@NullMarked
package io.ocicat.controller.reports;

import org.jspecify.annotations.NullMarked;
