/** Services that tests, the demo and the benchmark use in place of the real ones. They listen on free loopback ports. */
package io.jenkins.plugins.minibuild.standin;
