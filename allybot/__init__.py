"""allybot: a Slack bot that carries an allyship training into the workplace."""
