"""The record of one session, made from its log alone: the one model of which the timeline, the
summary and every export are made, so that they agree.
"""
