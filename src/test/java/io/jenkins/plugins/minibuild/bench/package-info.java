/** The benchmarks behind {@code bench/run}. */
package io.jenkins.plugins.minibuild.bench;
