package io.ocicat.interop;

import java.nio.file.Path;

/** A lab node as {@code ocicat lab up -o json} prints it. */
record LabNode(String name, Path netns, Path cniBin, Path cniConf) {}
