/**
 * Reviews of a change by a model; those by people are in {@code approval}. Knows nothing of who the model is: that is a {@code Reviewer}, which another package brings, so that
 * package may import this one and not the other way round.
 */
package io.jenkins.plugins.minibuild.review;
