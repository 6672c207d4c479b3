/**
 * The controller: one process between the store and the agents.
 *
 * <pre>
 *  api ──► store ──► StoreFeed ──► ControllerLoop: index ──► fanout ──► sync ──► agents
 *            ▲                                                                     │
 *            └──── reports (endpoints, nodes) · leases (blocks) ◄──────────────────┘
 * </pre>
 *
 * <p>All that agents are told follows from the store's documents; what they say becomes documents
 * first. So a controller that is killed and started again tells them the same. {@link
 * io.ocicat.controller.Controller} puts the parts together.
 */
@NullMarked
package io.ocicat.controller;

import org.jspecify.annotations.NullMarked;
