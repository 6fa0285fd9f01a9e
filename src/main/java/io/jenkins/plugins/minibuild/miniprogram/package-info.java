/**
 * Uploads and previews WeChat mini programs with the real {@code miniprogram-ci}.
 *
 * <p>{@link io.jenkins.plugins.minibuild.miniprogram.Upload} and {@link io.jenkins.plugins.minibuild.miniprogram.Preview} are
 * the tasks. They go through the same parts: {@code BuildPlan} installs, builds and checks the project, {@code CiLocation}
 * finds miniprogram-ci, {@code CiDriver} runs it on the agent, {@code Explanation} says what an error means.
 */
package io.jenkins.plugins.minibuild.miniprogram;
