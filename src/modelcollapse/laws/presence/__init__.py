"""How presence is computed: functions of a probability, the equations they obey, and what is read off them."""
