package io.jenkins.plugins.minibuild.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the setter of a parameter that is a line for a shell. A freestyle build step leaves the variables in it to the shell, which takes their values as
 * data; put in as text, the words of a commit message would be commands.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ShellLine {}
