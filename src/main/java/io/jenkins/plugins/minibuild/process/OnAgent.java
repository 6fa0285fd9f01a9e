package io.jenkins.plugins.minibuild.process;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A class that only callables use, so that its code runs on the agent: it may ask the agent's clock, and must not be handed what the agent may not know. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OnAgent {}
