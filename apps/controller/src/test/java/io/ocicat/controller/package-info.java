@NullMarked
package io.ocicat.controller;

import org.jspecify.annotations.NullMarked;
